"""From the slots of an ad to the columns of the table of jobs: pay in its own period, hard conditions from hard slots only, lists of skills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from leye.match import skills
from leye.match.adverts.original import make_plain
from leye.match.columns import EDUCATION, FORMS, JOBS, LIMITS, NEEDS, PAY_PERIODS, SHIFTS
from leye.match.paper_names import paper_name
from leye.match.slots import Slot

_GRADES = (("高级技师", 5), ("技师", 4), ("高级工", 3), ("中级工", 2), ("初级工", 1))
_ENVIRONMENT = (
    ("heavy_lifting", re.compile(r"搬运|装卸|重体力|扛|搬货|抬")),
    ("heights", re.compile(r"登高|高空|高处作业|爬高|幕墙|塔吊")),
    ("dust_noise", re.compile(r"粉尘|噪音|噪声|打磨|喷漆|油漆")),
    ("long_standing", re.compile(r"站立|久站|站班|长时间站")),
)
_NOT_IN_PLACE = re.compile(r"(?:无|不|没有|免|非|无需|不用)[^，。；]{0,3}$")
_SHUTTLE = re.compile(r"(?<![无没])(?:厂车|班车|通勤车|接送)(?!司机|驾驶)")
_OPEN_FORM = {"hard", "soft"}


def job_columns(title: str, text: str, slots: Sequence[Slot]) -> dict[str, Any]:
    """Columns of `JOBS` that an ad says something about; what it does not say is None, which means unknown.

    slots: of `text`. `hard` names only columns that a hard slot fills. Two cities give the first in `city` (the caller posts one job a city) and
    pay of several kinds the first by month, day, hour or year; doubtful pay gives none. Nothing about sex, age, marriage, household or
    health enters: those slots are left out by name.
    """
    hard = [s for s in slots if s.strength == "hard"]
    plain = make_plain(text).text
    told: dict[str, Any] = dict.fromkeys(JOBS)
    told |= {"title": title, "text": text}
    told |= _pay(slots) | _work(slots) | _schooling(slots) | _papers(slots) | _skills(slots)
    told["headcount"] = _sum(s.value for s in hard if s.slot == "headcount")
    told["city"] = _first(hard, "city")
    told["environment"] = _environment(title + "。" + plain)
    told["shuttle"] = True if _SHUTTLE.search(plain) else None
    told["benefits"] = _in_order({s.value for s in slots if s.slot == "benefit" and s.strength != "negated"}, NEEDS)
    told["hard"] = [name for name in _HARD if _is_hard(name, hard, told)]
    return told


_HARD = {
    "shift": "shift",
    "education_min": "education",
    "relevant_years_min": "years",
    "skill_grade_min": "certificate",
    "languages_required": "language",
    "certificates_required": "certificate",
}
"""Column that may reject to the slot that must be hard for it."""
_PAPERS = {"certificate", "licence", "health_certificate"}


def _is_hard(name: str, hard: Sequence[Slot], told: dict[str, Any]) -> bool:
    """Whether the column has a value and a hard slot stands behind it."""
    behind = _PAPERS if name == "certificates_required" else {_HARD[name]}
    return told[name] not in (None, [], "none") and any(s.slot in behind for s in hard)


def _pay(slots: Sequence[Slot]) -> dict[str, Any]:
    pays = [s.value for s in slots if s.slot == "pay" and s.value.get("period") in PAY_PERIODS and "min_fen" in s.value]
    order = ("month", "day", "hour", "year")
    best = min(pays, key=lambda v: order.index(v["period"]), default=None)
    return {} if best is None else {"pay_min_fen": best["min_fen"], "pay_max_fen": best.get("max_fen"), "pay_period": best["period"]}


def _work(slots: Sequence[Slot]) -> dict[str, Any]:
    """Form, shift and remote; a form that is only possible (可远程) gives `remote` and no form."""
    forms = [s.value for s in slots if s.slot == "employment_form" and s.strength in _OPEN_FORM and s.value in FORMS]
    shifts = {s.value for s in slots if s.slot == "shift" and s.strength == "hard"}
    kinds = [f for f in forms if f != "remote"] or forms
    # the strictest shift holds: who works nights must be able to, days beside nights are no day shift
    shift = next((s for s in ("rotating", "night", "weekend", "day") if s in shifts and s in SHIFTS), None)
    return {"form": kinds[0] if kinds else None, "shift": shift, "remote": True if "remote" in forms else None}


def _schooling(slots: Sequence[Slot]) -> dict[str, Any]:
    levels = [s.value for s in slots if s.slot == "education" and s.strength == "hard" and s.value in EDUCATION]
    free = any(s.slot == "education" and s.value == "none" for s in slots)
    years = [s.value["min"] for s in slots if s.slot == "years" and s.strength == "hard" and "min" in s.value]
    # 不接受应届生 takes {"min": 0} back: nobody knows how many years then
    free_years = any(s.slot == "years" and s.value == {"min": 0} and s.strength != "negated" for s in slots)
    told: dict[str, Any] = {"education_min": min(levels, key=EDUCATION.index) if levels else "none" if free else None}
    told["relevant_years_min"] = float(max(years)) if years else 0.0 if free_years else None
    majors = _distinct(s.value for s in slots if s.slot == "major" and s.strength in ("hard", "soft"))
    return told | {"majors": majors or None}


def _papers(slots: Sequence[Slot]) -> dict[str, Any]:
    """Certificates, licences as `C1驾照`, the health certificate; grades of a trade as a number."""
    hard = [s for s in slots if s.strength == "hard"]
    names = [paper_name(s.value) for s in hard if s.slot == "certificate"]
    names += [f"{s.value}驾照" for s in hard if s.slot == "licence"]
    names += ["健康证" for s in hard if s.slot == "health_certificate"]
    grades = [n for name in names for word, n in _GRADES if word in name]
    languages = _distinct(s.value for s in hard if s.slot == "language")
    return {
        "certificates_required": _distinct(names) or None,
        "skill_grade_min": grades[0] if grades else None,
        "languages_required": languages or None,
    }


def _skills(slots: Sequence[Slot]) -> dict[str, Any]:
    """Labels of the skill table; a skill both required and preferred is required."""
    required = _distinct(label for s in slots if s.slot == "skills" and s.strength == "hard" and (label := skills.normalise(s.value)))
    preferred = _distinct(label for s in slots if s.slot == "skills" and s.strength == "soft" and (label := skills.normalise(s.value)))
    return {"skills_required": required or None, "skills_preferred": [p for p in preferred if p not in required] or None}


def _environment(text: str) -> list[str] | None:
    found = [
        name for name, word in _ENVIRONMENT if any(not _NOT_IN_PLACE.search(text[max(0, m.start() - 6) : m.start()]) for m in word.finditer(text))
    ]
    return _in_order(set(found), LIMITS)


def _first(slots: Sequence[Slot], name: str) -> Any:
    return next((s.value for s in slots if s.slot == name), None)


def _sum(counts: Iterable[int]) -> int | None:
    total = sum(counts)
    return total or None


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _in_order(values: set[str], order: Sequence[str]) -> list[str] | None:
    """The values in the order of the vocabulary; None when there is none, for silence is not a no."""
    return [v for v in order if v in values] or None
