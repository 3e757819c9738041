"""Which questions are worth asking, and what the sheet of questions says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import BadInput
from leye.policy import PackSet, load, shipped
from leye.policy.explain import explain, first_questions, questions, questions_of
from leye.policy.explain.fact_words import ASKED, fact_words, read_fact_words
from leye.policy.explain.possible import possible_answers

ON = date(2025, 7, 15)


def pack_of(folder: Path, rules: dict[str, tuple[str, str, int, str]]) -> PackSet:
    """Policies by id: (rule, unit, fen, months)."""
    (folder / "pack.yaml").write_text("pack: probe\nname: 试验\nregion: CN\nextends: cn\n", encoding="utf-8")
    for name, (who, unit, fen, months) in rules.items():
        text = f"policy: {name}\nname: {name}\nname_en: {name}\nabout: person\npays: none\nstatus: verified\nsource: 试验\nversions:\n"
        text += f"  - {{from: 2024-01-01, sunset: 试验, region: CN, who: {who}, unit: {unit}, amount_fen: {fen}, months: {months}}}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load([folder])


def own(found: list[Any]) -> list[Any]:
    """Explanations of the probe's policies only."""
    return [e for e in found if e.policy.startswith("p_")]


def rule(*facts: str) -> str:
    return "{all: [" + ", ".join(f"{{when: {f}, say: x}}" for f in facts) + "]}"


@pytest.fixture
def packs(tmp_path: Path) -> PackSet:
    return pack_of(
        tmp_path,
        {
            "p_once": (rule("dibao"), "once", 100_000, "null"),
            "p_two": (rule("veteran", "graduate"), "once", 300_000, "null"),
            "p_month": (rule("tekun"), "month", 50_000, "24"),
            "p_loan": (rule("land_lost"), "loan", 30_000_000, "36"),
            "p_free": (rule("work_able"), "status", 0, "null"),
        },
    )


def asked(packs: PackSet, facts: dict[str, Any] | None = None) -> list[Any]:
    return questions_of(own(explain(packs, facts or {}, ON)))


def test_money_that_an_answer_settles(packs: PackSet) -> None:
    """Tekun: 500 x 12 of 24 months. Veteran: half the answers end it (no), the other half leaves it open: 3,000 / 2. Loans are paid back: 0."""
    found = {q.fact: q.money_fen for q in asked(packs)}
    assert found == {"tekun": 600_000, "veteran": 150_000, "graduate": 150_000, "dibao": 100_000, "work_able": 0, "land_lost": 0}
    assert [q.fact for q in asked(packs)] == ["tekun", "veteran", "graduate", "dibao", "work_able", "land_lost"]


def test_once_the_first_is_known_the_second_settles_it_all(packs: PackSet) -> None:
    found = {q.fact: (q.money_fen, q.settles) for q in asked(packs, {"veteran": True})}
    assert found["graduate"] == (300_000, ("p_two",))
    assert "graduate" not in {q.fact for q in asked(packs, {"veteran": False})}, "a decided policy asks nothing"


def test_three_questions_to_begin_with(packs: PackSet) -> None:
    first = first_questions(own(explain(packs, {}, ON)), 3)
    assert {q.fact for q in first.questions} == {"tekun", "veteran", "graduate"}, "together they settle more than each with dibao"
    assert (first.money_fen, set(first.policies)) == (900_000, {"p_month", "p_two"})
    one = first_questions(own(explain(packs, {}, ON)), 1)
    assert ([q.fact for q in one.questions], one.money_fen) == (["tekun"], 600_000)


def test_fewer_questions_than_asked_for(packs: PackSet) -> None:
    known = {"tekun": True, "veteran": False, "dibao": True, "work_able": True}
    first = first_questions(own(explain(packs, known, ON)), 3)
    assert [q.fact for q in first.questions] == ["land_lost"]
    assert first_questions(own(explain(packs, known | {"land_lost": True}, ON)), 3).questions == ()


def test_the_exact_choice_is_the_best_of_all_sets() -> None:
    """Against all sets of three facts, on the shipped packs, for a person half known."""
    from itertools import combinations

    facts = {"employment_status": "unemployed", "sex": "M", "birth": "1980-05-01", "registered_unemployed": True, "region": "CN-440305"}
    facts |= {"graduate": False, "cert_level": 4, "cert_on": "2025-06-01", "ui_claiming": True, "ui_total_months": 40}
    found = explain(shipped(), facts, ON)
    open_ = [(frozenset(e.answer.missing), e.answer.amount_fen or 0) for e in found if e.verdict is None and e.unit == "once"]
    first = first_questions(found, 3)
    chosen = {q.fact for q in first.questions}
    settled = sum(fen for missing, fen in open_ if missing <= chosen)
    names = sorted({f for missing, _ in open_ for f in missing})
    assert settled >= max(sum(fen for missing, fen in open_ if missing <= set(s)) for s in combinations(names, 3))


def test_a_date_is_asked_after_what_it_hangs_on() -> None:
    ranked = [q.fact for q in questions(shipped(), {"employment_status": "unemployed"}, ON)]
    pairs = [("graduate", "graduated_on"), ("business_registered", "business_registered_on"), ("cert_level", "cert_on")]
    for flag, date_fact in pairs:
        assert ranked.index(flag) < ranked.index(date_fact)
    first = first_questions(explain(shipped(), {"employment_status": "unemployed"}, ON)).questions
    assert not any(q.after in ranked for q in first), "a date is not among the first while its flag is unknown"


def test_who_can_answer_and_what_was_asked_in_vain() -> None:
    ours = questions(shipped(), {}, ON, asked=("person",))
    assert ours and all(q.asked == "person" and q.ask.endswith(("？", "）", "0", "”", "算")) for q in ours)
    found = explain(shipped(), {}, ON)
    assert {q.fact for q in questions_of(found)} - {q.fact for q in questions_of(found, aside=["dibao"])} == {"dibao"}


def test_every_missing_fact_is_asked_for_and_nothing_else() -> None:
    found = explain(shipped(), {"sex": "F", "graduate": True, "region": "CN-440305"}, ON)
    missing = {f for e in found if e.verdict is not False for f in e.answer.missing}
    assert {q.fact for q in questions_of(found)} == missing
    for q in questions_of(found):
        assert set(q.policies) == {e.policy for e in found if e.verdict is not False and q.fact in e.answer.missing}


def test_every_fact_has_its_question_in_both_languages() -> None:
    words = fact_words(shipped())
    assert list(words) == [f.id for f in shipped().facts]
    for fact in shipped().facts:
        said = words[fact.id]
        assert said.ask_zh and said.ask_en and said.paper_zh and said.paper_en and said.name_en, fact.id
        assert said.asked in ASKED and (not said.after or said.after in words)
        assert len(said.values_en) == (len(fact.allowed) if fact.type == "enum" else 0), fact.id
        assert "？" in said.ask_zh or "?" in said.ask_zh, fact.id
        if fact.type == "fen":
            assert "元" in said.ask_zh and "yuan" in said.ask_en, f"{fact.id}: people are asked in yuan"


BAD = [
    ("questions: {nix: {name_en: x, ask: {zh: 问, en: ask}}}", "E_FACT_UNKNOWN"),
    ("questions: {sex: {ask: {zh: 问, en: ask}}}", "E_PACK_FORM"),
    ("questions: {sex: {name_en: Sex, asked: anybody, ask: {zh: 问, en: ask}}}", "E_PACK_FORM"),
    ("questions: [sex]", "E_PACK_FORM"),
    ("questions: {sex: {name_en: a}, sex: {name_en: b}}", "E_KEY_TWICE"),
]


@pytest.mark.parametrize(("text", "code"), BAD, ids=[b[1] + str(i) for i, b in enumerate(BAD)])
def test_a_bad_sheet_is_refused_with_its_line(text: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_fact_words(file, shipped().facts, shown="probe/questions.yaml")
    assert error.value.code == code and error.value.places[0].file == "probe/questions.yaml" and error.value.places[0].row == 1


def test_possible_answers_lie_on_both_sides_of_every_edge() -> None:
    facts = shipped().facts
    assert possible_answers(facts["ui_total_months"], ON, {12}) == [0, 11, 12, 13, 600]
    assert possible_answers(facts["dibao"], ON, ()) == [True, False]
    assert possible_answers(facts["disability_grade"], ON, {1}) == [0, 1, 2, 4]
    assert set(possible_answers(facts["firm_size"], ON, ())) == {"large", "medium", "small", "micro"}
    births = possible_answers(facts["birth"], ON, ())
    assert births[0] == date(1959, 7, 15) and births[-1] == date(2011, 7, 15) and len(births) == 53
    assert all(facts["cert_on"].allows(v) for v in possible_answers(facts["cert_on"], ON, ()))
