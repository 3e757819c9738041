"""`leye policy notice | rollout | conflicts` as typed: files, JSON, exit codes."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli import policy as group
from leye.kernel.errors import BadInput, CheckFailed, NotFound

RUN = CliRunner()
MONDAY = date(2025, 7, 7)


def run(*args):
    return RUN.invoke(group.app, [str(a) for a in args])


@pytest.fixture
def panel(tmp_path):
    """Fourteen grids of eight people, seven weeks, two reached a week from the second on."""
    rows = []
    for g in range(14):
        for i in range(8):
            for w in range(7):
                applied = (g + i + w) % 11 == 0 or (w - 1 - g // 2 >= 0 and (i + w) % 5 == 0)
                rows.append((f"G{g:02d}", f"P{g}-{i}", MONDAY + timedelta(days=7 * w), w >= 1 + g // 2, applied))
                if applied:
                    break
    file = tmp_path / "panel.csv"
    pl.DataFrame(rows, schema=["grid_id", "person_id", "week", "notified", "applied"], orient="row").write_csv(file)
    return file


def test_rollout_writes_numbers_and_says_them(panel, tmp_path):
    done = run("rollout", panel, "--out", tmp_path / "out", "--within", 3, "--json")
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "out" / "effect.json").read_text(encoding="utf-8"))[0]
    assert told["total"]["low"] < told["total"]["value"] < told["total"]["high"]
    assert 0 < told["total"]["p_lottery"] <= 1
    weeks = pl.read_csv(tmp_path / "out" / "by_week.csv")
    assert weeks["week"].to_list()[:4] == [-3, -2, -1, 1]
    again = run("rollout", panel, "--out", tmp_path / "again", "--within", 3, "--json")
    assert again.stdout == done.stdout


def test_rollout_says_it_in_words(panel, tmp_path):
    done = run("rollout", panel, "--out", tmp_path / "out", "--within", 3)
    assert "95% 区间" in done.stdout
    assert "每百人多" in done.stdout


def test_a_bad_panel_names_row_and_column_and_writes_nothing(panel, tmp_path):
    rows = pl.read_csv(panel, try_parse_dates=True)
    pl.concat([rows, rows.head(1)]).write_csv(panel)
    done = run("rollout", panel, "--out", tmp_path / "out")
    assert isinstance(done.exception, BadInput)
    assert done.exception.places[0].column == "person_id"
    assert not (tmp_path / "out").exists()


def test_a_plan_draws_the_order_and_its_power(tmp_path):
    pl.DataFrame({"grid_id": [f"G{i}" for i in range(21)], "people": range(30, 51)}).write_csv(tmp_path / "grids.csv")
    done = run("rollout", tmp_path / "grids.csv", "--plan", "--start", "2025-09-01", "--out", tmp_path, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["smallest_effect_at_80_percent_power"] > 0.02
    assert pl.read_csv(tmp_path / "schedule.csv").height == 21
    assert "八成把握" in run("rollout", tmp_path / "grids.csv", "--plan", "--start", "2025-09-01", "--out", tmp_path).stdout


@pytest.mark.parametrize("options", [["--plan"], ["--plan", "--start", "soon"], ["--plan", "--start", "2025-09-01", "--steps", "0"]])
def test_a_plan_that_lacks_something_is_refused(tmp_path, options):
    pl.DataFrame({"grid_id": [f"G{i}" for i in range(21)], "people": range(30, 51)}).write_csv(tmp_path / "grids.csv")
    assert isinstance(run("rollout", tmp_path / "grids.csv", "--out", tmp_path, *options).exception, BadInput)


def test_notice_in_one_channel_in_all_and_as_json():
    one = run("notice", "skill_up", "--on", "2025-08-31", "--channel", "sms")
    assert one.exit_code == 0
    assert "可能可以领技能提升补贴" in one.stdout
    assert "【微信】" not in one.stdout
    told = json.loads(run("notice", "skill_up", "--on", "2025-08-31", "--json").stdout)
    assert [n["channel"] for n in told] == ["sms", "wechat", "bulletin", "broadcast", "poster"]
    assert all(n["on"] == "2025-08-31" and n["text"] and n["reading"]["mean"] > 0 for n in told)
    assert "You may be able to" in run("notice", "skill_up", "--on", "2025-08-31", "--channel", "sms", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("args", "error", "code"),
    [
        (["hire_once"], CheckFailed, "E_UNVERIFIED"),
        (["nothing"], NotFound, "E_POLICY"),
        (["skill_up", "--channel", "fax"], NotFound, "E_CHANNEL"),
        (["skill_up", "--lang", "fr"], BadInput, "E_USAGE"),
    ],
)
def test_notice_refusals(args, error, code):
    done = run("notice", *args, "--on", "2025-08-31")
    assert isinstance(done.exception, error)
    assert done.exception.code == code


@pytest.fixture
def payments(tmp_path):
    rows = [("B1", "P1", "F1", "hire_once", date(2025, 1, 1), None, 100_000, date(2025, 1, 20)),
            ("B2", "P1", "F1", "expand_post", date(2025, 2, 1), None, 150_000, date(2025, 2, 20)),
            ("B3", "P2", None, "skill_up", date(2025, 2, 1), "c1", 150_000, date(2025, 2, 21))]  # fmt: skip
    schema = {"payment_id": pl.String, "person_id": pl.String, "firm_id": pl.String, "policy": pl.String, "month": pl.Date, "cert_no": pl.String,
              "amount_fen": pl.Int64, "paid_on": pl.Date}  # fmt: skip
    file = tmp_path / "payments.csv"
    pl.DataFrame(rows, schema=schema, orient="row").write_csv(file)
    return file


def test_conflicts_names_the_other_payment(payments, tmp_path):
    done = run("conflicts", payments, "--out", tmp_path / "c.csv", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [(p["payment_id"], p["conflicts_with"], p["scope"]) for p in told["pairs"]] == [("B2", "B1", "same_hire")]
    assert told["at_stake_fen"] == 100_000
    assert pl.read_csv(tmp_path / "c.csv").height == 1
    assert "B2\texpand_post\t✘\tB1\thire_once" in run("conflicts", payments).stdout


def test_conflicts_checks_when_asked_to(payments):
    assert run("conflicts", payments, "--check").exit_code == 1
    pl.read_csv(payments).filter(pl.col("payment_id") != "B2").write_csv(payments)
    assert run("conflicts", payments, "--check").exit_code == 0
