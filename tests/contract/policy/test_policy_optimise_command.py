"""`leye policy optimise`: planted effects of the demo city come back within their intervals, what does nothing is not placed, and exit codes hold."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from leye.city.build import build_city
from leye.city.store import write_city

ON = date(2025, 8, 31)
PLANTS = {"training_place": "effect_training", "internship": "effect_internship", "job_fair_voucher": "placebo_voucher"}
PROGRAMMES = """
programmes:
  - {id: training_place, history: training, name: 培训名额, who: registered_unemployed, pays: employment_fund, cost_fen: 150000, places: 400}
  - {id: internship, cost_fen: 900000}
  - {id: job_fair_voucher, name: 招聘会交通补贴, who: registered_unemployed, pays: employment_fund, cost_fen: 20000}
covariates: {months_unemployed: months_since(registered_unemployed_since)}
"""


def leye(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "leye", *map(str, words)], capture_output=True, text=True, check=False)


def optimise(folder: Path, *more: str | Path, money: str = "employment_fund=300000") -> subprocess.CompletedProcess[str]:
    file = folder / "programmes.yaml"
    if not file.exists():
        file.write_text(PROGRAMMES, encoding="utf-8")
    city = folder / "city"
    return leye(
        "policy", "optimise", city / "people.parquet", "--programmes", file, "--history", city / "programmes.parquet", "--budget", money,
        "--on", "2025-08-31", "--out", folder / "out", *more,
    )  # fmt: skip


@cache
def city_of(seed: int):
    return build_city(20_000, seed=seed, on=ON)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_city(city_of(7), folder)
    return folder


@pytest.fixture(scope="module")
def report(town: Path) -> dict:
    done = optimise(town, "--floor", "disabled=0.08", "--floor", "women=eligible", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def planted(folder: Path) -> dict[str, float]:
    plants = {p["id"]: p["size"] for p in json.loads((folder / "truth" / "plants.json").read_text(encoding="utf-8"))}
    return {programme: plants[plant] for programme, plant in PLANTS.items()}


def test_planted_effects_lie_in_their_intervals(report: dict, town: Path) -> None:
    for row in report["programmes"]:
        low, high = row["interval"]
        assert low <= planted(town)[row["programme"]] <= high, row["programme"]


def test_what_does_nothing_is_not_placed(report: dict, town: Path) -> None:
    rows = {r["programme"]: r for r in report["programmes"]}
    assert rows["training_place"]["verdict"] == "effective" and rows["training_place"]["placed"]
    assert rows["job_fair_voucher"]["verdict"] == "no_evidence" and not rows["job_fair_voucher"]["placed"]
    assert pl.read_parquet(town / "out" / "assignments.parquet")["programme"].unique().to_list() == ["training_place"]


def test_the_plan_keeps_money_floors_and_eligibility(report: dict, town: Path) -> None:
    placed = pl.read_parquet(town / "out" / "assignments.parquet")
    people = placed.join(pl.read_parquet(town / "city" / "people.parquet"), on="person_id")
    assert placed.columns == ["person_id", "programme", "effect", "cost_fen", "by_lot"]
    assert placed["person_id"].n_unique() == placed.height == 200 and placed["cost_fen"].sum() == 30_000_000
    assert (people["disability_grade"] >= 1).sum() >= 0.08 * placed.height
    women = next(r for r in report["rules"] if r["group"] == "women")
    assert (people["sex"] == "F").sum() == women["heads"] >= 0.4 * placed.height
    assert report["allocation"]["gap"] < 1e-6 and report["certificate"]["gap"] < 1e-6
    assert people["registered_unemployed"].all()


def test_prices_and_report_are_written(report: dict, town: Path) -> None:
    prices = pl.read_csv(town / "out" / "prices.csv")
    assert prices["kind"].to_list() == ["budget", "places", "floor_share", "floor_share"]
    assert prices["yuan_per_unit"][0] == pytest.approx(report["budgets"][0]["yuan_per_effect"])
    text = (town / "out" / "report.md").read_text(encoding="utf-8")
    assert "“招聘会交通补贴”的区间包含 0" in text and "法定权益不参加优化" in text and "抽签" in text
    assert json.loads((town / "out" / "report.json").read_text(encoding="utf-8")) == report


def test_equal_seeds_give_equal_bytes(report: dict, town: Path) -> None:
    before = (town / "out" / "assignments.parquet").read_bytes()
    optimise(town, "--floor", "disabled=0.08", "--floor", "women=eligible")
    assert (town / "out" / "assignments.parquet").read_bytes() == before


@pytest.mark.parametrize("seed", range(8, 13))
def test_planted_effects_are_recovered_in_other_cities(seed: int) -> None:
    from leye.policy.located import parse_located
    from leye.policy.optimise.candidates import gather, typed_people
    from leye.policy.optimise.history import make_history
    from leye.policy.optimise.programmes import read_plan
    from leye.policy.optimise.run import optimise as run_it
    from leye.policy.read_pack import shipped

    city, packs = city_of(seed), shipped()
    size = {p["id"]: p["size"] for p in city.plants}
    plan = read_plan(parse_located(PROGRAMMES), packs)
    people = typed_people(city.tables["people"], packs, file="people")
    history = make_history(city.tables["programmes"], people, ON, known=plan.in_history, file="programmes")
    candidates = gather(people, plan, packs, ON, wanted=tuple(history.covariates.columns))
    run = run_it(plan, history, candidates, {"employment_fund": 30_000_000}, on=ON, seed=1)
    for finding in run.findings:
        effect = finding.effect
        assert effect is not None and effect.lo <= size[PLANTS[finding.programme]] <= effect.hi, finding.programme
    assert [f.programme for f in run.findings if f.placed and f.programme == "job_fair_voucher"] == []
    assert "training_place" in run.assignments["programme"].to_list()


def test_a_small_city_is_refused_with_the_reason(tmp_path: Path) -> None:
    write_city(build_city(1_500, seed=7, on=ON), tmp_path)
    done = optimise(tmp_path, "--json")
    said = json.loads(done.stdout)["error"]
    assert done.returncode == 1 and said["code"] in ("E_TOO_FEW", "E_OVERLAP", "E_BALANCE") and said["remedy_en"]
    assert not (tmp_path / "out" / "assignments.parquet").exists()


@pytest.mark.parametrize(
    ("more", "money", "code"),
    [
        ((), "employment_fund=12.345", "E_BUDGET"),
        ((), "ui_fund=1000", "E_NO_BUDGET"),
        (("--floor", "giants=0.5"), "employment_fund=1000", "E_UNKNOWN_NAME"),
        (("--floor", "women=5"), "employment_fund=1000", "E_SHARE"),
        (("--programmes", "nowhere.yaml"), "employment_fund=1000", "E_NO_FILE"),
    ],
)
def test_bad_input_exits_2(town: Path, more: tuple[str, ...], money: str, code: str) -> None:
    done = optimise(town, *more, "--json", money=money)
    assert done.returncode == 2 and json.loads(done.stdout)["error"]["code"] == code
