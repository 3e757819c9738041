"""Units that a column may be stated in, their scale to the base unit, and the unit words that a header or title row carries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """`scale` base units make one; `dimension` is the base unit's id as in cell values (person, yuan, ratio, …)."""

    name: str
    scale: Decimal
    dimension: str

    @property
    def is_scaled(self) -> bool:
        """Whether a bare figure has to be multiplied."""
        return self.scale != 1


def _build() -> dict[str, Unit]:
    bases = {
        "人": "person", "人次": "person_time", "户": "household", "家": "firm", "个岗位": "post", "岗位": "post", "个": "item", "件": "item",
        "元": "yuan", "单": "item", "通": "item",
    }  # fmt: skip
    scales = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}
    units = {s + b: Unit(s + b, Decimal(n), d) for b, d in bases.items() for s, n in scales.items()}
    units |= {s: Unit(s, Decimal(n), "") for s, n in scales.items() if s}
    units["%"] = Unit("%", Decimal("0.01"), "ratio")
    units["‰"] = Unit("‰", Decimal("0.001"), "ratio")
    units["百分点"] = Unit("百分点", Decimal("0.01"), "pp")
    return units


UNITS: dict[str, Unit] = _build()

_TITLE = re.compile(r"(?:计量)?单位\s*[:：]\s*([^()（）;；]+)")
_BRACKET = re.compile(r"[(（]\s*(?:单位\s*[:：]\s*)?([^()（）]+?)\s*[)）]")


def _named(word: str) -> Unit | None:
    return UNITS.get(unicodedata.normalize("NFKC", word).strip())


def unit_of_header(header: str) -> Unit | None:
    """The unit in brackets of a header, such as 合计（万人）; None when there is none.

    >>> unit_of_header("就业人数/合计（万人）").name, unit_of_header("其中（女）")
    ('万人', None)
    """
    found = [u for u in (_named(w) for w in _BRACKET.findall(header)) if u is not None]
    return found[-1] if found else None


def units_of_title(line: str) -> tuple[Unit, ...]:
    """Units of a title row such as 单位：万人、元; empty when the row names none."""
    match = _TITLE.search(line)
    words = re.split(r"[、,，/和\s]+", match.group(1)) if match else []
    return tuple(u for u in (_named(w) for w in words if w) if u is not None)
