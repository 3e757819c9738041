"""What a night seals: one leaf a subject, only where something changed, and enough in it to compute the marks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.lake import open_lake
from leye.office.decisions.evidence import opened, opened_protected
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.models import SealedRun
from leye.office.entitlements.sealing import ALGO, seal_marks
from leye.office.review import breakers
from leye.policy import Evaluator, bind, shipped
from tests_support.push_city import ASKED, CHILD, FIRM, HIRED, JOBLESS, ON, SKILLED, write_push_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings: Any, register: None) -> Path:
    folder = Path(settings.LEYE_DATA)
    write_push_city(folder)
    return folder


def seal(data: Path) -> int:
    lake = open_lake(data)
    published = lake.published()
    assert published is not None
    return seal_marks(lake, published.run_id, data)


def decision_of(subject: str) -> Decision | None:
    return Decision.objects.filter(subject_key=subject_key(subject_of(subject)), algo=ALGO).order_by("-leaf_index").first()


def test_each_subject_with_a_mark_gets_one_leaf(data: Path) -> None:
    written = seal(data)
    marks = open_lake(data).scan("marks").collect()
    assert written == marks["person_id"].n_unique() == Decision.objects.filter(algo=ALGO).count()
    assert decision_of(CHILD) is None, "nothing was decided about a child who has no mark"
    firm = decision_of(FIRM)
    assert firm is not None
    assert (firm.subject_kind, firm.marks) == ("firm", 2)


def test_what_is_sealed_can_be_computed_again(data: Path) -> None:
    seal(data)
    packs = shipped()
    for person in (SKILLED, JOBLESS, ASKED, HIRED):
        row = decision_of(person)
        assert row is not None
        seen = opened(row.pk)
        assert seen is not None
        assert seen.marks is not None
        evaluator = Evaluator(bind(packs, ON, "CN-440605"))
        for policy, outcome, _score, amount, _reasons in seen.marks:
            inputs = dict(seen.inputs[policy])  # type: ignore[call-overload]
            facts = {k: _typed(packs.facts.facts[k], v) for k, v in inputs.items() if k in packs.facts.facts}
            answer = evaluator.answer(evaluator.env(facts), str(policy))
            assert ({True: "yes", None: "unknown", False: "no"}[answer.verdict], answer.amount_fen) == (outcome, amount)
            assert inputs.get("months") == answer.months
            assert tuple(inputs.get("missing") or ()) == answer.missing


def _typed(fact: Any, value: Any) -> Any:
    return fact.check(value)


def test_only_the_facts_that_count_are_kept_and_sex_and_age_lie_apart(data: Path) -> None:
    seal(data)
    row = decision_of(SKILLED)
    assert row is not None
    seen = opened(row.pk)
    assert seen is not None
    assert set(seen.inputs) == {"on", "run", "skill_up"}
    assert {"cert_on", "cert_level"} <= set(seen.inputs["skill_up"])  # type: ignore[arg-type]
    assert not {"sex", "birth", "phone", "name", "dibao"} & set(seen.inputs["skill_up"])  # type: ignore[arg-type]
    assert opened_protected(row.pk) == {"sex": "M", "age_band": "25-44"}


def test_the_same_night_again_seals_nothing_and_a_changed_fact_one(data: Path) -> None:
    first = seal(data)
    assert seal(data) == 0
    write_push_city_again(data)
    assert seal(data) == 0, "same facts, same rules, another run: nothing new was decided"
    people = pl.read_parquet(data / "city" / "people.parquet")
    changed = pl.when(pl.col("person_id") == SKILLED).then(pl.lit(date(2025, 1, 8))).otherwise(pl.col("cert_on")).alias("cert_on")
    people.with_columns(changed).write_parquet(data / "city" / "people.parquet")
    write_push_city_again(data)
    assert seal(data) == 1
    assert Decision.objects.filter(algo=ALGO).count() == first + 1
    assert SealedRun.objects.count() >= 3


def write_push_city_again(data: Path) -> None:
    """Another night over the folder's own tables."""
    import published_fixture
    from leye.office.nightly.marks_step import city_tables, marks_step
    from leye.policy.push.standing import Standing

    city = city_tables(data)
    assert city is not None
    lake = open_lake(data)
    tables = marks_step(city, shipped(), ON, Standing(), before=lake)
    nonce = f"again{len(lake.runs())}"
    published_fixture.publish(data, tables, nonce, {"kind": "city"})


def test_a_district_with_an_open_breaker_waits_and_is_made_up_for(data: Path, user_of: Callable[..., Any], at: datetime) -> None:
    operator = user_of("operator")
    breakers.order(ALGO, "440605", "open", why="标注出过错，先停", acting_user=operator, at=at)
    assert seal(data) == 1, "only the other district"
    assert decision_of(SKILLED) is None
    breakers.order(ALGO, "440605", "restart", why="核对过了", acting_user=operator, at=at)
    seal(data)
    assert decision_of(SKILLED) is not None
