"""Live checks of an advert before it is sent: unlawful words, pay, near duplicates. Nothing found here becomes a filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leye.match.columns import PER_MONTH
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.vacancies.fields import Draft
from leye.office.vacancies.models import State, Vacancy
from leye.office.vacancies.near import nearness
from leye.office.vacancies.queries import newest
from leye.office.vacancies.reading import Reading
from leye.office.vacancies.signals import signals_of
from leye.office.vacancies.unlawful import unlawful_in

SURE = 0.8
"""Weight of a sign of fraud from which on it alone stops an advert. # chosen by us"""
NEAR = 0.8
"""Share of common character triples from which on two adverts are the same one. # chosen by us: near-equal re-postings change pay or a number"""
LEAST_PLAUSIBLE_FEN, MOST_PLAUSIBLE_FEN = 10_000, 20_000_000
"""Monthly pay outside of this is taken for a slip of the hand. # chosen by us: 100 to 200,000 yuan"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to look at. kind: wording, pay, duplicate, missing · field: of the form · words: as written · zh, en: what is wrong and
    what to write instead · basis: clause or source · stops: the advert cannot be sent with it."""

    kind: str
    field: str
    words: str
    zh: str
    en: str
    basis: str
    stops: bool


def findings_of(draft: Draft, reading: Reading, firm_id: str, vacancy_id: UUID | None, at: datetime) -> list[Finding]:
    """Everything that was found, what stops first; the order is that of the form."""
    found = [*_wording(draft, reading), *_fraud(draft), *_pay(reading), *_missing(reading), *_duplicates(draft, firm_id, vacancy_id)]
    return sorted(found, key=lambda f: not f.stops)


def _wording(draft: Draft, reading: Reading) -> list[Finding]:
    found = []
    for field, text, slots in (("title", draft.title, ()), ("description", draft.description, reading.slots)):
        for hit in unlawful_in(text, [s for s in slots if s["end"] <= len(text)]):
            zh, en = f"“{hit.words}”：{hit.rule.rewrite_zh}", f"“{hit.words}”: {hit.rule.rewrite_en}"
            found.append(Finding("wording", field, hit.words, zh, en, hit.rule.basis, hit.rule.stops))
    return found


def _fraud(draft: Draft) -> list[Finding]:
    """Signs by which people and other offices would take the advert for a fraud; one that is sure by itself stops it."""
    zh, en = "常见于骗局：{}。是真的就写清楚，不是就删去", "{}: a common sign of fraud; explain it or drop it"
    return [
        Finding("fraud", "description", "", zh.format(s.zh), en.format(s.en), "", s.weight >= SURE)
        for s in signals_of(draft.text)
    ]  # fmt: skip


def monthly_fen(columns: Any, name: str) -> float | None:
    """A pay column in monthly terms; None when it is not said, or by the piece."""
    fen, period = columns.get(name), columns.get("pay_period")
    return fen * PER_MONTH[period] if isinstance(fen, int) and period in PER_MONTH else None


def _pay(reading: Reading) -> list[Finding]:
    columns = reading.columns
    least, most = monthly_fen(columns, "pay_min_fen"), monthly_fen(columns, "pay_max_fen")
    said = most if most is not None else least
    if said is None:
        return [
            Finding(
                "missing",
                "pay",
                "",
                "工资没有读出数字，写成“5000-7000元/月”会有更多人看",
                "no figure was read in the pay; write it such as “5000-7000元/月”",
                "",
                False,
            )
        ]
    if not LEAST_PLAUSIBLE_FEN <= said <= MOST_PLAUSIBLE_FEN:
        return [
            Finding(
                "pay", "pay", "", f"工资折合每月 {said / 100:,.0f} 元，像是写错了", f"pay comes to {said / 100:,.0f} yuan a month: a slip?", "", True
            )
        ]
    floor = minimum_wage(reading.region, is_hourly=columns.get("pay_period") == "hour")
    if floor is None:
        return []
    value, basis = floor
    lowest = columns["pay_min_fen"] if columns.get("pay_period") == "hour" and columns.get("pay_min_fen") else least
    if lowest is None or lowest >= value:
        return []
    unit_zh, unit_en = ("小时", "an hour") if columns.get("pay_period") == "hour" else ("月", "a month")
    zh = f"最低 {lowest / 100:,.2f} 元/{unit_zh}，低于当地最低工资 {value / 100:,.2f} 元/{unit_zh}"
    return [Finding("pay", "pay", "", zh, f"{lowest / 100:,.2f} yuan {unit_en} is below the local minimum of {value / 100:,.2f}", basis, True)]


def minimum_wage(region: str, *, is_hourly: bool = False) -> tuple[int, str] | None:
    """(fen a month or an hour, source) of a district's minimum wage on the day of the rules; None where none was seen."""
    from leye.kernel.codes import region_prefix
    from leye.policy.lookup import value_of

    if not region:
        return None
    name = "local_min_wage_hour_fen" if is_hourly else "local_min_wage_fen"
    found = value_of(packs_here(), name, region_prefix(region), rules_day())
    return (int(found.value), f"{found.ref}（{found.start}）") if found is not None and isinstance(found.value, int | float) else None


def _missing(reading: Reading) -> list[Finding]:
    if not reading.region and any(q.column == "region" for q in reading.questions):
        return [Finding("missing", "place", "", "地点里看不出是哪个区，请在下面选", "the place names no district: choose one below", "", True)]
    return []


def _duplicates(draft: Draft, firm_id: str, vacancy_id: UUID | None) -> list[Finding]:
    """The firm's own advert twice is refused by its name; another firm's near-equal text is shown to both, since copying is a sign of fraud."""
    there = list(Vacancy.objects.filter(state__in=[State.OPEN, State.PAUSED]).exclude(pk=vacancy_id))
    versions, found = newest(there), []
    for vacancy in there:
        version = versions[vacancy.pk]
        same = version.title == draft.title and version.place == draft.place
        if nearness(version.description, draft.description) < NEAR or (vacancy.firm_id == firm_id and not same):
            continue
        if vacancy.firm_id == firm_id:
            zh = f"和您 {vacancy.made_at:%m月%d日} 的“{version.title}”几乎一样；要多招人，改那一条的人数"
            found.append(
                Finding("duplicate", "description", "", zh, f"nearly the same as your “{version.title}”: raise its headcount", str(vacancy.pk), True)
            )
        else:
            zh = "和别的单位在招的一条几乎一样；照抄的广告常被当成骗局，请写自己的"
            found.append(Finding("duplicate", "description", "", zh, "nearly the same as another firm's advert; write your own", "", False))
    return found[:3]
