"""Claims and documents to encrypted bytes and back. Additional data is the row's id, so that a row copied to another person does not open."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from leye.match.profile import Claim
from leye.office.privacy.keyring import keyring

PURPOSE = "profiles"
_DATES = ("since", "until")


def seal(name: UUID, body: Any) -> bytes:
    """JSON, encrypted."""
    return keyring(PURPOSE).encrypt(json.dumps(body, ensure_ascii=False, default=_plain).encode(), name.bytes)


def opened(name: UUID, sealed: bytes) -> Any:
    """What was sealed."""
    return json.loads(keyring(PURPOSE).decrypt(bytes(sealed), name.bytes))


def claims_json(claims: list[Claim]) -> list[dict[str, Any]]:
    """Claims as plain JSON."""
    return [{k: _plain(v) if isinstance(v, date) else v for k, v in asdict(c).items() if v is not None} for c in claims]


def claims_from(rows: list[dict[str, Any]]) -> list[Claim]:
    """And back. Raises BadInput (E_PROFILE_VALUE) on what no claim can be."""
    return [Claim(**{k: _day(k, r["field"], v) for k, v in r.items()}) for r in rows]


def _day(key: str, field: str, value: Any) -> Any:
    is_day = key in _DATES or (key == "value" and field == "available_from")
    return date.fromisoformat(value) if is_day and isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()
