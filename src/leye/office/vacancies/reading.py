"""What is read out of an advert, and what is asked because the text does not say it: never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leye.match.columns import EDUCATION, FORMS, SHIFTS
from leye.office.vacancies.fields import Draft
from leye.office.vacancies.firms import Firm
from leye.office.vacancies.parsing import code_title, parse
from leye.office.vacancies.places import district_in, districts_of

YEARS = ("0", "1", "3", "5", "10")
"""Choices for years of the kind of work asked for."""
ASKED = ("region", "occupation_code", "form", "shift", "education_min", "relevant_years_min")
"""Columns that an employer may be asked for, in the order of the form."""
CONFIRM = "confirm:"
"""Key of an answer about something that was only implied: `confirm:<certificate>` → yes or no."""


@dataclass(frozen=True, slots=True)
class Question:
    """column: key of the answer · why: `missing`, or the words of the text that imply it · choices: values of a closed list; their words are the
    page's · labels: names of choices that only this question knows (districts, occupations)."""

    column: str
    why: str
    choices: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """slots: as `leye.match.slots` in JSON, spans on `Draft.text` · columns: columns of JOBS that the text and the answers say · region: district,
    six digits, empty while unknown · questions: what the text leaves open · occupation_p: how sure the coder is of the first occupation."""

    slots: tuple[dict[str, Any], ...]
    columns: Mapping[str, Any]
    region: str
    questions: tuple[Question, ...]
    occupation_p: float | None = None

    def as_json(self) -> dict[str, Any]:
        """What a saved version keeps."""
        return {"slots": list(self.slots), "columns": dict(self.columns), "occupation_p": self.occupation_p}


def read_draft(draft: Draft, answers: Mapping[str, Any], *, firm: Firm) -> Reading:
    """Read the five fields and lay the employer's answers over them. An answer goes before what was read: its author knows the job."""
    slots, columns = parse(draft.title, draft.text)
    city = firm.city
    region = str(answers.get("region") or "") or district_in(draft.place, city)
    coded = code_title(draft.title, draft.description)
    columns = dict(columns) | {"headcount": draft.headcount}
    if coded and not coded[0].abstain:
        columns["occupation_code"] = coded[0].code
    questions = _questions(columns, slots, region, city, coded, answers)
    _lay_over(columns, answers)
    return Reading(tuple(slots), columns, region, questions, coded[0].p if coded else None)


def answers_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The `answer.…` fields that hold a value of their closed list; others are dropped, because a form can be tampered with."""
    found: dict[str, Any] = {}
    for name, value in typed.items():
        column, said = name.removeprefix("answer."), value.strip()
        if name.startswith("answer.") and said and _is_answer(column, said):
            found[column] = said
    return dict(sorted(found.items()))


def _is_answer(column: str, said: str) -> bool:
    if column.startswith(CONFIRM):
        return said in {"yes", "no"} and len(column) <= len(CONFIRM) + 40
    if column in {"region", "occupation_code"}:
        return said.isascii() and said.isdecimal() and len(said) == (6 if column == "region" else 7)
    return said in {"form": FORMS, "shift": SHIFTS, "education_min": ("none", *EDUCATION), "relevant_years_min": YEARS}.get(column, ())


def _questions(
    columns: Mapping[str, Any], slots: Sequence[Mapping[str, Any]], region: str, city: str, coded: Sequence[Any], answers: Mapping[str, Any]
) -> tuple[Question, ...]:
    """What the text leaves open, with the answer given so far among the choices; answered questions stay on the form, so that they can be changed."""
    found = []
    if city and (not region or "region" in answers):
        names = dict(districts_of(city))
        found.append(Question("region", "missing", tuple(names), names))
    if coded and (coded[0].abstain or "occupation_code" in answers):
        names = {c.code: c.name for c in coded}
        found.append(Question("occupation_code", "unsure", tuple(names), names))
    closed: dict[str, tuple[str, ...]] = {
        "form": FORMS, "shift": SHIFTS, "education_min": ("none", *EDUCATION), "relevant_years_min": YEARS,
    }  # fmt: skip
    said = {s["slot"] for s in slots if s["strength"] in {"hard", "soft"}}  # 非派遣 or 不接受应届生 tell what is not; what is stays open
    spoken = {"form": "employment_form", "shift": "shift", "education_min": "education", "relevant_years_min": "years"}
    found += [Question(c, "missing", choices) for c, choices in closed.items() if spoken[c] not in said]
    found += [Question(CONFIRM + name, words, ("yes", "no"), {"name": name}) for name, words in implied_certificates(slots)]
    return tuple(found)


def implied_certificates(slots: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(certificate, words of the text that imply it) of certificates that the text only implies, each once."""
    said = {_certificate(s) for s in slots if s["strength"] in {"hard", "soft", "negated"}}
    found = {name: str(s.get("words", "")) for s in reversed(slots) if s["strength"] == "implied" and (name := _certificate(s)) and name not in said}
    return sorted(found.items())


def _certificate(slot: Mapping[str, Any]) -> str:
    if slot["slot"] == "health_certificate":
        return "健康证"
    if slot["slot"] == "licence":
        return f"驾驶证{slot['value']}"
    return str(slot["value"]) if slot["slot"] == "certificate" else ""


def _lay_over(columns: dict[str, Any], answers: Mapping[str, Any]) -> None:
    """Answers into columns. A lowest schooling or years that the employer names are conditions; that is what the question asks."""
    hard = list(columns.get("hard") or [])
    for name in ("occupation_code", "form", "shift"):
        if name in answers:
            columns[name] = answers[name]
    if "education_min" in answers:
        columns["education_min"] = answers["education_min"]
        hard = [*hard, "education_min"] if answers["education_min"] != "none" else [h for h in hard if h != "education_min"]
    if "relevant_years_min" in answers:
        years = float(answers["relevant_years_min"])
        columns["relevant_years_min"] = years
        hard = [*hard, "relevant_years_min"] if years else [h for h in hard if h != "relevant_years_min"]
    wanted = [key.removeprefix(CONFIRM) for key, value in answers.items() if key.startswith(CONFIRM) and value == "yes"]
    if wanted:
        columns["certificates_required"] = sorted({*(columns.get("certificates_required") or []), *wanted})
        hard.append("certificates_required")
    columns["hard"] = sorted(set(hard))
