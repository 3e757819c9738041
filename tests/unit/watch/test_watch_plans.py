"""The policy reserve: shipped plans, mistakes named by line, and which plan answers which alarm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leye.kernel.errors import BadInput, CheckFailed
from leye.packs import open_pack
from leye.watch import check_cases, plans
from leye.watch.reserve import Plan, plans_for

ON = date(2025, 8, 31)
RESERVE = plans()
BY_ID = {p.id: p for p in RESERVE}


def test_at_least_eight_plans_ship_and_their_cases_hold() -> None:
    assert len(RESERVE) >= 8 and check_cases(RESERVE) >= 2 * len(RESERVE)
    assert [p.id for p in RESERVE if p.is_fallback] == ["general_review"]


@pytest.mark.parametrize("plan", RESERVE, ids=[p.id for p in RESERVE])
def test_every_amount_has_its_basis_and_every_step_its_owner_deadline_and_evidence(plan: Plan) -> None:
    assert all(s.owner and s.evidence and s.do and s.do_en and 0 < s.within_days <= 60 for s in plan.steps)
    assert all(a.basis and a.status in ("verified", "unverified") and a.fen > 0 for m in plan.measures for a in m.amounts)
    assert plan.stand_down and plan.close_when and plan.basis


MATCHES = [
    ({"indicator": "postings", "industry": "H", "region": "440605"}, "red", ["hotel_catering"], "the planted shock"),
    ({"indicator": "insured", "industry": "H"}, "orange", ["hotel_catering", "mass_layoff"], "people leave: two plans"),
    ({"indicator": "insured", "industry": "C"}, "yellow", ["manufacturing_postings"], "manufacturing"),
    ({"indicator": "registered", "grp": "older"}, "blue", ["older_workers"], "a group's own plan from blue on"),
    ({"indicator": "registered", "grp": "older"}, "yellow", ["older_workers", "registrations_rise"], "and the common one from yellow"),
    ({"indicator": "calls"}, "yellow", ["hotline_surge"], "hotline"),
    ({"indicator": "gig_orders"}, "orange", ["platform_workers"], "platforms"),
    ({"indicator": "postings", "industry": "H"}, "blue", ["general_review"], "too low for the special plan: the fallback"),
    ({"indicator": "employment"}, "red", ["general_review"], "a foreign panel"),
    ({}, "red", ["general_review"], "nothing known of the key"),
]


@pytest.mark.parametrize(("key", "level", "ids", "_why"), MATCHES, ids=[m[-1] for m in MATCHES])
def test_plan_answers(key: dict[str, str], level: str, ids: list[str], _why: str) -> None:
    assert [p.id for p in plans_for(RESERVE, key, level, ON)] == ids


AMOUNTS = [
    ("hotel_catering", "graduates", "440605", ON, 150_000, "national, in force in 2025"),
    ("hotel_catering", "graduates", "440605", date(2026, 1, 1), None, "ended on 2025-12-31"),
    ("older_workers", "older", "440605", ON, 208_000, "the district takes its city's minimum wage"),
    ("older_workers", "older", "440305", ON, 252_000, "another city, another amount"),
    ("older_workers", "older", "330100", ON, None, "nothing known there, nothing invented"),
    ("registrations_rise", "older", "440605", ON, None, "the city's benefit is not known"),
]


@pytest.mark.parametrize(("plan", "group", "region", "on", "fen", "_why"), AMOUNTS, ids=[a[-1] for a in AMOUNTS])
def test_amount_answers(plan: str, group: str, region: str, on: date, fen: int | None, _why: str) -> None:
    measure = BY_ID[plan].measure_for(group)
    assert measure is not None
    amount = measure.amount(region, on)
    assert (amount.fen if amount else None) == fen


GOOD = (open_pack("plans") / "hotel_catering.yaml").read_text(encoding="utf-8")

MISTAKES = [
    ("level: yellow", "level: purple", "purple", "a level that does not exist"),
    ("industries: [H]", "industries: [ZZ]", "ZZ", "an industry that does not exist"),
    ("fen: 150000", "fen: 1500.5", "fen", "money is whole fen"),
    ("title: 住宿餐饮业稳岗应对预案\n", "", "title", "a key is missing"),
    ("owner: analyst, within_days: 2", "owner: boss, within_days: 2", "boss", "an unknown role"),
    ("groups: [migrant_workers, older, graduates]", "groups: [aliens]", "aliens", "an unknown group"),
    ("from: 2025-01-01\nbasis", "from: soon\nbasis", "from", "no date"),
    ("measures:", "measure:", "measure", "a misspelt key"),
    ("id: hotel_catering\n", "id: other\n", "other", "an id that is not the file's name"),
    ("trigger:\n", "trigger: [\n", "YAML", "no YAML"),
    ("id: hotel_catering\n", "id: hotel_catering\nid: hotel_catering\n", "两次", "a key twice"),
]


@pytest.mark.parametrize(("old", "new", "word", "_why"), MISTAKES, ids=[m[-1] for m in MISTAKES])
def test_mistakes_are_named_with_their_line(tmp_path: Path, old: str, new: str, word: str, _why: str) -> None:
    text = GOOD.replace(old, new, 1)
    (tmp_path / "hotel_catering.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        plans(tmp_path)
    place = refused.value.places[0]
    assert refused.value.code == "E_PLAN" and word in refused.value.zh and place.file == "hotel_catering.yaml" and place.row
    here = GOOD[: GOOD.index(old)].count("\n") + 1
    assert place.row in (here, here + 1) if new and "trigger" not in new else place.row >= 2


def test_a_failing_case_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "hotel_catering.yaml").write_text(GOOD.replace("matches: true", "matches: false", 1), encoding="utf-8")
    with pytest.raises(CheckFailed) as failed:
        check_cases(plans(tmp_path))
    lines = GOOD.splitlines()
    assert "matches: true" in lines[(failed.value.places[0].row or 0) - 1]


def test_an_empty_folder_and_another_encoding_are_answered(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有预案文件"):
        plans(tmp_path)
    (tmp_path / "hotel_catering.yaml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadInput, match="UTF-8"):
        plans(tmp_path)
