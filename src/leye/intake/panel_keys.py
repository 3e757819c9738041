"""Addresses of series in the panel (`indicator/region/industry/occupation/grp`), their parents and their titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from leye.intake.spec import SourceSpec
from leye.kernel.codes import current_regions, industries, key_groups, occupations

ALL = "all"
KEYS = dict.fromkeys(
    ("unique_id", "parent", "indicator", "region", "industry", "occupation", "grp", "unit", "title_zh", "title_en", "calm_direction"), pl.String
)


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """One series; `all` stands for a part that is not split."""

    indicator: str
    region: str
    industry: str = ALL
    occupation: str = ALL
    grp: str = ALL

    @property
    def unique_id(self) -> str:
        """The id that tables and addresses use."""
        return f"{self.indicator}/{self.region}/{self.industry}/{self.occupation}/{self.grp}"

    def parent(self, root: str) -> SeriesKey | None:
        """One level up: the district goes first, then industry or group, an occupation climbs middle to major to all; None at the root.

        >>> SeriesKey("postings", "440605", "H").parent("440600").unique_id
        'postings/440600/H/all/all'
        """
        if self.region != root:
            return replace(self, region=root)
        if self.industry != ALL or self.grp != ALL:
            return replace(self, industry=ALL, grp=ALL)
        if self.occupation != ALL:
            return replace(self, occupation=ALL if self.occupation.endswith("000000") else f"{self.occupation[0]}000000")
        return None


def key_frame(keys: Sequence[SeriesKey], spec: SourceSpec | None) -> pl.DataFrame:
    """panel_keys of one source: `unique_id, parent` (null at a root and for rates), the dimensions, unit, titles and direction of harm."""
    return pl.DataFrame([_row(key, spec) for key in keys] if spec else [], schema=KEYS, orient="row")


def _row(key: SeriesKey, spec: SourceSpec) -> tuple[str | None, ...]:
    rule = spec.panel
    assert rule is not None
    above = key.parent(spec.home or key.region) if rule.adds_up else None
    zh, en = _titles(key, spec)
    dims = (key.indicator, key.region, key.industry, key.occupation, key.grp)
    return (key.unique_id, above.unique_id if above else None, *dims, rule.unit, zh, en, rule.calm_direction)


def _titles(key: SeriesKey, spec: SourceSpec) -> tuple[str, str]:
    """Chinese: place, what it is split by, what it counts; English the other way round."""
    rule = spec.panel
    assert rule is not None
    is_root = key.region == spec.home
    place = current_regions().get(key.region)
    zh = [rule.place_zh if is_root and rule.place_zh else place.name if place else key.region]
    en = ["city" if is_root else key.region]
    if key.industry != ALL:
        industry = industries().get(key.industry)
        zh.append(industry.name if industry else key.industry)
        en.append(f"industry {key.industry}")
    if key.occupation != ALL:
        occupation = occupations().get(key.occupation)
        zh.append(occupation.name if occupation else key.occupation)
        en.append(f"occupation {key.occupation}")
    if key.grp != ALL:
        group = key_groups().get(key.grp)
        zh.append(group.zh if group else _label(key.grp, spec))
        en.append(group.en if group else key.grp.replace("_", " "))
    counted = rule.title_zh or key.indicator
    return "·".join([*zh, counted]), f"{rule.title_en or key.indicator}: {', '.join(en)}"


def _label(grp: str, spec: SourceSpec) -> str:
    """The Chinese word that the source's files use for a group."""
    assert spec.panel is not None
    rule = spec.fields.get(spec.panel.grp)
    return next((zh for zh, id_ in rule.labels.items() if id_ == grp), grp) if rule else grp
