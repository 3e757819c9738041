"""What the verbs of `leye policy` take alike: days, places, packs, policies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.policy.pack import PackSet


def day_of(text: str) -> date:
    """A calendar day. Raises BadInput (E_DATE)."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"“{text}”不是日期", en=f"{text!r} is no date", remedy_zh="写成 2025-08-31", remedy_en="write 2025-08-31", code="E_DATE"
        ) from error


def region_of(text: str | None) -> str | None:
    """A region in prefix form; six digits are understood too. Raises BadInput (E_REGION)."""
    if text is None:
        return None
    from leye.policy.facts import REGION

    found = f"CN-{text}" if text.isdigit() else text
    if REGION.match(found) is None:
        raise BadInput(
            f"“{text}”不是地区",
            en=f"{text!r} is no region",
            remedy_zh="写成 CN、CN-44、CN-4403 或 CN-440305",
            remedy_en="write CN, CN-44, CN-4403 or CN-440305",
            code="E_REGION",
        )
    return found


def packs_of(names: list[str] | None) -> PackSet:
    """The packs named, or the national one with every shipped region. Raises NotFound, BadInput."""
    from leye.policy.read_pack import load, shipped

    return load(names) if names else shipped()


def policies_of(ids: list[str] | None, packs: PackSet) -> list[str] | None:
    """Policy ids that exist. Raises BadInput (E_POLICY_UNKNOWN)."""
    for name in ids or ():
        if name not in packs.policies:
            raise BadInput(
                f"没有政策“{name}”",
                en=f"no policy {name!r}",
                remedy_zh=f"可选：{'、'.join(packs.policies)}",
                remedy_en=f"one of: {', '.join(packs.policies)}",
                code="E_POLICY_UNKNOWN",
            )
    return ids or None
