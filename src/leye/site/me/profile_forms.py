"""The form of a profile: fields to claims and back, with where a claim was read kept as long as its value stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from leye.kernel.codes import current_regions, occupations
from leye.match.columns import EDUCATION, FORMS, LIMITS, NEEDS, PAY_PERIODS, SHIFTS
from leye.match.profile import Claim, bad_claim
from leye.match.skills import normalise
from leye.office.profiles.queries import target_code

LINES = ("target_codes", "skills", "certificates", "project_skills", "trainings", "languages", "cities", "equipment")
"""Lists that are written, parted by commas or lines; a certificate may end in its last day (`电工证 2027-05-31`)."""
TICKS = {"forms": FORMS, "shifts": SHIFTS, "limits": LIMITS, "needs": NEEDS}
CHOICES = {"education": EDUCATION, "pay_period": PAY_PERIODS}
NUMBERS = ("total_years", "relevant_years", "commute_max_km", "skill_grade", "digital_level")
YUAN = ("pay_min_fen", "pay_max_fen")
IN_FORM = (*LINES, *TICKS, *CHOICES, *NUMBERS, *YUAN, "major", "available_from", "relocate", "text")
_PARTS = re.compile(r"[\n\r、,，;；|]+")
_UNTIL = re.compile(r"\s*(\d{4}-\d\d-\d\d)$")


def claims_from_form(form: Any, known: Iterable[Claim]) -> list[Claim]:
    """Claims of a posted form (a QueryDict); those of known ones that the form does not show are kept. Raises BadInput (E_PROFILE_VALUE)."""
    there = list(known)
    said: list[Claim] = []
    for field in LINES:
        for part in dict.fromkeys(p.strip() for p in _PARTS.split(form.get(field, "")) if p.strip()):
            said.append(_line(field, part))
    said += [_claim(field, value) for field in TICKS for value in form.getlist(field)]
    said += [_claim(field, form[field].strip()) for field in (*CHOICES, "major", "text") if form.get(field, "").strip()]
    said += [_claim(field, _number(field, form[field])) for field in NUMBERS if form.get(field, "").strip()]
    said += [_claim(field, round(_number(field, form[field]) * 100)) for field in YUAN if form.get(field, "").strip()]
    if form.get("available_from", "").strip():
        said.append(_claim("available_from", _day("available_from", form["available_from"].strip())))
    if form.get("relocate") in {"1", "0"}:
        said.append(_claim("relocate", form["relocate"] == "1"))
    before = {(c.field, c.value, c.until): c for c in reversed(there)}
    return [before.get((c.field, c.value, c.until), c) for c in said] + [c for c in there if c.field not in IN_FORM]


def form_values(claims: Iterable[Claim]) -> dict[str, Any]:
    """What stands in the form's fields: text, or a list where there are boxes to tick."""
    values: dict[str, Any] = {}
    for claim in claims:
        field, value = claim.field, claim.value
        if field in TICKS:
            values.setdefault(field, []).append(value)
        elif field in LINES:
            values[field] = "、".join([*([values[field]] if field in values else []), _written(claim)])
        elif field in YUAN:
            values.setdefault(field, f"{value / 100:g}")
        elif field == "relocate":
            values.setdefault(field, "1" if value else "0")
        else:
            values.setdefault(field, value.isoformat() if isinstance(value, date) else f"{value:g}" if isinstance(value, int | float) else value)
    return {f: [] if f in TICKS else "" for f in IN_FORM} | values


def typed_values(form: Any) -> dict[str, Any]:
    """The same of a posted form, so that nothing typed is lost on a refusal."""
    return {f: form.getlist(f) if f in TICKS else form.get(f, "") for f in IN_FORM}


def shared_from_form(form: Mapping[str, Any], fields: Iterable[str], audiences: Iterable[str]) -> dict[str, list[str]]:
    """Boxes `share-<field>-<audience>` that are ticked."""
    who = list(audiences)
    return {f: [a for a in who if form.get(f"share-{f}-{a}")] for f in fields}


def _written(claim: Claim) -> str:
    if claim.field == "target_codes" and claim.value in occupations():
        return occupations()[claim.value].name
    if claim.field == "cities" and claim.value in current_regions():
        return current_regions()[claim.value].name
    return f"{claim.value} {claim.until.isoformat()}" if claim.until else str(claim.value)


def _line(field: str, part: str) -> Claim:
    if field in {"skills", "project_skills"}:
        return _claim(field, normalise(part) or part[:60], "project" if field == "project_skills" else "self")
    if field == "target_codes":
        named = part if part in occupations() else _occupation_codes().get(part.removesuffix("S").removesuffix("L").strip())
        return _claim(field, _known(field, part, named or target_code(part)))
    if field == "cities":
        return _claim(field, _known(field, part, part if part in current_regions() else _city_codes().get(part.removesuffix("市"))))
    until = _UNTIL.search(part) if field == "certificates" else None
    if until:
        return Claim(field, part[: until.start()].strip()[:60], until=_day(field, until[1]))
    return _claim(field, part[:60], "training" if field == "trainings" else "self")


def _claim(field: str, value: Any, evidence: str = "self") -> Claim:
    return Claim(field, value, evidence)


def _known(field: str, written: str, code: str | None) -> str:
    if code is None:
        raise bad_claim(field, written)
    return code


def _number(field: str, text: str) -> float:
    try:
        number = float(text.replace(",", "").replace("，", "").strip())
    except ValueError:
        raise bad_claim(field, text) from None
    return int(number) if number == int(number) and abs(number) < 1e12 else number


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_claim(field, text) from None


@cache
def _occupation_codes() -> dict[str, str]:
    return {o.name: code for code, o in occupations().items() if o.level == 4}


@cache
def _city_codes() -> dict[str, str]:
    """Prefectures and municipalities by their name without 市."""
    cities = {c: s.name for c, s in current_regions().items() if c.endswith("00") and (not c.endswith("0000") or c[:2] in {"11", "12", "31", "50"})}
    return {name.removesuffix("市"): code for code, name in cities.items()}
