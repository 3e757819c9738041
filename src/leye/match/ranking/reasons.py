"""The explanation of one pair: contributions that add up to each side's logit, the conditions of the gate, and what would settle the unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from leye.match.ranking.employer_side import employer_items
from leye.match.ranking.gate import Condition, conditions
from leye.match.ranking.item import Item
from leye.match.ranking.person_side import person_items
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.spans import ad_span
from leye.match.ranking.weights import UNITS, Side, weights
from leye.match.ranking.wording import Lang, has_term, say_fact, sentence, term

Courses = Mapping[str, str]
"""Skill or certificate (as adverts write it) to the course that gives it, as a reader should see it."""
_FEATURE = {
    "closes_on": "available_from", "city": "cities", "pay_min_fen": "pay", "education_min": "education", "relevant_years_min": "relevant_years",
    "skill_grade_min": "skill_grade", "languages_required": "languages", "certificates_required": "certificates",
}  # fmt: skip
"""Condition to the feature it reads, where the names differ."""
_QUESTIONS = (
    ("skills", "skills_required"),
    ("education", "education_min"),
    ("relevant_years", "relevant_years_min"),
    ("certificates", "certificates_required"),
)


def explain_pair(person: Profile, job: Advert, courses: Courses | None = None) -> dict[str, Any]:
    """The object of column `reasons` (docs/reference/ranking.md), Chinese; `told` says it in either language."""
    mine, theirs = person_items(person, job), employer_items(person, job)
    gate = conditions(person, job)
    return {
        "person": _side(weights().person, mine, job), "employer": _side(weights().employer, theirs, job),
        "hard": [_condition(c, job) for c in gate], "missing": [*_questions(gate, person, job), *_remedies(person, job, theirs, courses or {})],
    }  # fmt: skip


def units_of(person: Profile, job: Advert) -> tuple[int, int]:
    """Logits of both sides in units."""
    w = weights()
    return (
        w.person.base + sum(i.units for i in person_items(person, job)),
        w.employer.base + sum(i.units for i in employer_items(person, job)),
    )


def explain(person_row: Mapping[str, Any], job_row: Mapping[str, Any], on: date, *, courses: Courses | None = None) -> dict[str, Any]:
    """The same for one row of each table, as `tables.read_people` and `read_jobs` give them."""
    return explain_pair(Profile(person_row, on), Advert(job_row), courses)


def as_text(reasons: dict[str, Any]) -> str:
    """One line of JSON, equal for equal reasons."""
    return json.dumps(reasons, ensure_ascii=False, separators=(",", ":"))


def told(reasons: dict[str, Any] | str, lang: Lang = "zh") -> list[str]:
    """Every sentence of an explanation in Chinese or English: what speaks for it first, then what speaks against it, then what is missing."""
    read = json.loads(reasons) if isinstance(reasons, str) else reasons
    items = sorted((*read["person"]["items"], *read["employer"]["items"]), key=lambda i: -i["contribution"])
    said = [sentence(i["clause"], i["facts"], _span(i), lang) for i in items]
    return said + [_ask(m["ask"], m["facts"], lang) for m in read["missing"]]


def _side(side: Side, items: list[Item], job: Advert) -> dict[str, Any]:
    logit = side.base + sum(i.units for i in items)
    return {"base": side.base / UNITS, "logit": logit / UNITS, "items": [_item(i, job) for i in items]}


def _item(item: Item, job: Advert) -> dict[str, Any]:
    span = ad_span(item, job)
    made: dict[str, Any] = {"feature": item.feature, "contribution": item.units / UNITS, "text": sentence(item.clause, item.facts, span, "zh")}
    made |= {"clause": item.clause, "facts": item.facts}
    return made if span is None else made | {"start": span[0], "end": span[1]}


def _span(item: dict[str, Any]) -> tuple[int, int] | None:
    return (item["start"], item["end"]) if "start" in item else None


def _condition(condition: Condition, job: Advert) -> dict[str, Any]:
    """One line of the gate; of an advert there are few, and they are told again for every person."""
    key = (condition.name, condition.verdict)
    if key not in job.told_conditions:
        job.told_conditions[key] = _told_condition(condition, job)
    return job.told_conditions[key]


def _told_condition(condition: Condition, job: Advert) -> dict[str, Any]:
    name = condition.name
    said = f"{term('condition', name, 'zh')}【{_ad(name, job)}】{term('verdict', condition.verdict, 'zh')}"
    return {"condition": name, "feature": _FEATURE.get(name, name), "verdict": condition.verdict, "text": said}


def _ad(condition: str, job: Advert) -> str:
    """What the advert says of a condition."""
    row = job.row
    if condition == "city":
        fact = "word:remote" if row["remote"] else f"city:{row['city']}" if row["city"] else ""
    elif condition == "pay_min_fen":
        fact = "" if job.most_fen is None else f"{job.most_fen / 100:.0f}元"
    elif condition == "limits":
        fact = "、".join(f"word:{x}" for x in row["environment"] or [])
    elif condition in ("form", "shift"):
        fact = f"word:{row[condition]}" if row[condition] else ""
    else:
        value = row[condition]
        fact = "、".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return say_fact(fact, "zh") or "没有写"


def _questions(gate: list[Condition], person: Profile, job: Advert) -> list[dict[str, Any]]:
    asked = [(_FEATURE.get(c.name, c.name), f"{c.name}.{c.asks}", c.asks or "", "") for c in gate if c.verdict == "unknown"]
    seen = {feature for feature, *_ in asked}
    for feature, column in _QUESTIONS:
        wanted = job.row[column]
        if wanted and wanted != "none" and person.row[feature] is None and feature not in seen:
            asked.append((feature, f"{feature}.person", "person", _wanted(feature, wanted, job)))
    if person.place is None and job.place is not None and not job.row["remote"]:
        asked.append(("location", "location.person", "person", ""))
    return [_missing(feature, ask, side, {"ad": ad}) for feature, ask, side, ad in asked]


def _wanted(feature: str, wanted: Any, job: Advert) -> str:
    if feature == "education":
        from leye.match.ranking.gate import schooling

        return f"schooling:{schooling(wanted)}"
    return "、".join(wanted) if isinstance(wanted, list) else f"{wanted:g}"


def _remedies(person: Profile, job: Advert, theirs: list[Item], courses: Courses) -> list[dict[str, Any]]:
    """What is missing with the way to it: a course for a skill or certificate, renewal for an expired certificate."""
    made = []
    for item in theirs:
        if item.feature in ("skills", "certificates") and item.facts.get("lack"):
            lack = [x for x in item.facts["lack"].split("、") if not (item.feature == "certificates" and _expired(person, x))]
            found = [courses[x] for x in lack if x in courses]
            if lack:
                made.append(_missing(item.feature, "learn", "person", {"ad": "、".join(lack), "course": f"（{'；'.join(found)}）" if found else ""}))
    over = [x for x in job.row["certificates_required"] or [] if _expired(person, x)]
    return [*made, _missing("certificate_until", "renew", "person", {"ad": "、".join(over)})] if over else made


def _expired(person: Profile, certificate: str) -> bool:
    from leye.match.ranking.words import plain

    return person.is_expired(plain(certificate))


def _missing(feature: str, ask: str, side: str, facts: dict[str, str]) -> dict[str, Any]:
    return {"feature": feature, "side": side, "text": _ask(ask, facts, "zh"), "ask": ask, "facts": facts}


def _ask(ask: str, facts: dict[str, str], lang: Lang) -> str:
    if not has_term("ask", ask):
        return ask
    return term("ask", ask, lang).format(**({"course": ""} | {k: say_fact(v, lang) for k, v in facts.items()}))
