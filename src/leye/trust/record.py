"""The bytes of a leaf: canonical JSON, so that the same facts are the same leaf whoever writes them down.

Keys sorted, no spaces, UTF-8 without escapes, no NaN or infinity; instants in UTC to the microsecond. Our own choice of a subset of RFC 8785
(JSON canonicalisation): numbers are Python's shortest round-trip form, and records hold no floats that another language would print otherwise
than with 17 significant digits at most.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from leye.kernel.errors import BadInput

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode  # made once: it costs as much as a record

LARGEST = 65_535
"""Bytes of one record at most: entry bundles carry a 16-bit length (C2SP tlog-tiles)."""


def canonical_json(value: object) -> bytes:
    """The one encoding of a JSON value. Raises BadInput (E_RECORD) on what JSON cannot hold exactly: NaN, infinity, lone surrogates, other types."""
    try:
        return _encode(value).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"这个值写不成记录：{error}",
            en=f"this value cannot be recorded: {error}",
            remedy_zh="只用文字、数字、真假、空、列表和字典；数字不能是 NaN 或无穷",
            remedy_en="use text, numbers, booleans, null, lists and objects; no NaN or infinity",
            code="E_RECORD",
        ) from error


def record_bytes(fields: dict[str, object]) -> bytes:
    """A leaf's record. Fields that are None or empty are left out. Raises BadInput (E_RECORD) when it is too long for an entry bundle."""
    made = canonical_json({name: value for name, value in fields.items() if value not in (None, "", [], {})})
    if len(made) > LARGEST:
        raise BadInput(
            f"一条记录最多 {LARGEST} 字节，这条有 {len(made)} 字节",
            en=f"a record has at most {LARGEST} bytes, this one has {len(made)}",
            remedy_zh="少交一些输入字段，或把长文本换成它的编号",
            remedy_en="hand in fewer inputs, or a reference instead of a long text",
            code="E_RECORD",
        )
    return made


def instant_text(at: datetime) -> str:
    """`2025-09-01T01:00:00.000000Z`: one text for one instant.

    >>> from datetime import timedelta, timezone
    >>> instant_text(datetime(2025, 9, 1, 9, tzinfo=timezone(timedelta(hours=8))))
    '2025-09-01T01:00:00.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
