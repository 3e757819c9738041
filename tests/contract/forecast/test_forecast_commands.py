"""`leye forecast` as a person types it: files, columns, exit codes."""

import json
import subprocess
import sys

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli.forecast import app
from leye.kernel.errors import BadInput
from tests_support.panels import add_up, lively, table

PARENT = {"all": None, "a": "all", "b": "all"}


@pytest.fixture
def files(tmp_path):
    rows = lively(1, 2, 60)
    table(add_up({"a": rows["s00"].round(3), "b": rows["s01"].round(3)}, PARENT)).write_csv(tmp_path / "panel.csv")
    (tmp_path / "tags.csv").write_text("unique_id,parent\nall,\na,all\nb,all\n", encoding="utf-8")
    return tmp_path


def call(*args):
    return CliRunner().invoke(app, [str(a) for a in args])


def test_run_writes_the_promised_columns(files):
    out = files / "fc.csv"
    got = call(
        "run", files / "panel.csv", "--tags", files / "tags.csv", "--horizon", 3, "--out", out, "--contributions", files / "c.parquet", "--json"
    )
    assert got.exit_code == 0, got.output
    assert json.loads(got.stdout)["series"] == 3
    table_out = pl.read_csv(out, try_parse_dates=True)
    assert table_out.columns == ["unique_id", "ds", "mean", "lo-80", "hi-80", "lo-95", "hi-95"]
    assert table_out.height == 9 and str(table_out["ds"][0]) == "2015-01-01"
    assert pl.read_parquet(files / "c.parquet").columns == ["unique_id", "ds", "term", "term_zh", "value"]


def test_levels_name_the_columns(files):
    got = call("run", files / "panel.csv", "--horizon", 2, "--levels", "50,90", "--out", files / "fc.parquet")
    assert got.exit_code == 0
    assert pl.read_parquet(files / "fc.parquet").columns[2:] == ["mean", "lo-50", "hi-50", "lo-90", "hi-90"]


def test_the_report_names_what_fell_back(files):
    panel = pl.concat(
        [pl.read_csv(files / "panel.csv"), pl.DataFrame({"unique_id": "three", "ds": ["2014-10-01", "2014-11-01", "2014-12-01"], "y": [1.0, 2, 4]})]
    )
    panel.write_csv(files / "more.csv")
    got = call("run", files / "more.csv", "--horizon", 2, "--out", files / "fc.csv", "--report", files / "r.json")
    assert got.exit_code == 0 and "three" in got.stdout
    assert [(r["unique_id"], r["fallback"]) for r in json.loads((files / "r.json").read_text(encoding="utf-8"))] == [("three", "short")]


def test_backtest_writes_errors_and_summary(files):
    got = call(
        "backtest",
        files / "panel.csv",
        "--tags",
        files / "tags.csv",
        "--horizon",
        3,
        "--origins",
        "2013-12-01,2014-06",
        "--out",
        files / "bt",
        "--json",
    )
    assert got.exit_code == 0, got.output
    told = json.loads((files / "bt" / "summary.json").read_text(encoding="utf-8"))
    assert json.loads(got.stdout) == told
    assert set(told["models"]) == {"leye", "seasonal_naive"}
    assert set(told["models"]["leye"]["origins"]) == {"2013-12-01", "2014-06-01"}
    assert {"mase", "smape", "winkler_80", "coverage_80", "coverage_95", "cpu_s"} <= set(told["models"]["leye"]["pooled"])
    assert pl.read_parquet(files / "bt" / "errors.parquet").height == 2 * 2 * 3 * 3


def test_reference_models_stand_beside(files):
    got = call("backtest", files / "panel.csv", "--horizon", 3, "--origins", "2013-12-01", "--out", files / "bt", "--reference", "auto_theta")
    assert got.exit_code == 0, got.output
    scores = json.loads((files / "bt" / "summary.json").read_text(encoding="utf-8"))["models"]["auto_theta"]["pooled"]
    assert scores["coverage_95"] is not None and scores["mase"] > 0


WRONG = [
    (("run", "--horizon", "0", "--out", "fc.csv"), "a horizon of nothing"),
    (("run", "--horizon", "3", "--levels", "80,many", "--out", "fc.csv"), "a level that is a word"),
    (("run", "--horizon", "3", "--origin", "八月", "--out", "fc.csv"), "an origin that is no date"),
    (("run", "--horizon", "3", "--origin", "1999-01-01", "--out", "fc.csv"), "an origin before the data"),
    (("backtest", "--horizon", "3", "--origins", "2020-01-01", "--out", "bt"), "an origin after the data"),
    (("backtest", "--horizon", "3", "--origins", ",", "--out", "bt"), "no origin"),
    (("backtest", "--horizon", "3", "--origins", "2014-01-01", "--reference", "magic", "--out", "bt"), "an unknown reference"),
]


@pytest.mark.parametrize(("words", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_wrong_words_are_named_errors_with_a_remedy(files, words, why):
    paths = [str(files / w) if w in ("fc.csv", "bt") else w for w in words[1:]]
    got = call(words[0], files / "panel.csv", *paths)
    assert isinstance(got.exception, BadInput), got.output
    assert got.exception.remedy_zh


def test_a_word_for_a_number_is_placed(files):
    text = (files / "panel.csv").read_text(encoding="utf-8").splitlines()
    text[5] = text[5].rsplit(",", 1)[0] + ",很多"
    (files / "bad.csv").write_text("\n".join(text), encoding="utf-8")
    got = call("run", files / "bad.csv", "--horizon", 2, "--out", files / "fc.csv")
    assert isinstance(got.exception, BadInput)
    assert got.exception.places[0].row == 6 and got.exception.places[0].column == "y"


def test_an_answer_that_cannot_be_written_is_told_in_words(tmp_path):
    rows = "".join(f"a,2024-{m:02d}-01,{m}\n" for m in range(1, 13))
    (tmp_path / "p.csv").write_text("unique_id,ds,y\n" + rows, encoding="utf-8")
    asked = [
        sys.executable,
        "-m",
        "leye",
        "forecast",
        "run",
        str(tmp_path / "p.csv"),
        "--horizon",
        "2",
        "--out",
        str(tmp_path / "p.csv" / "x.csv"),
        "--json",
    ]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr and "E_FILE" in done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "E_FILE"


def test_compare_reads_what_run_wrote(files):
    for origin in ("2014-06", "2014-09"):
        assert call("run", files / "panel.csv", "--horizon", 6, "--origin", origin, "--out", files / f"{origin}.csv").exit_code == 0
    got = call("compare", files / "2014-06.csv", files / "2014-09.csv", "--panel", files / "panel.csv", "--out", files / "c.csv", "--json")
    assert got.exit_code == 0, got.output
    told = json.loads(got.stdout)["series"]
    assert [t["unique_id"] for t in told] == ["a", "all", "b"] and "上次预测的 6 期" in told[0]["zh"]
    table_out = pl.read_csv(files / "c.csv")
    assert table_out.height == 18 and table_out["error"].null_count() == 0 and table_out["change"].null_count() == 9


def test_warnings_widen_and_strange_ones_are_answered_with_their_row(files):
    (files / "alerts.csv").write_text("unique_id,ds,level,score\nall,2014-11-01,red,9\n", encoding="utf-8")
    (files / "odd.csv").write_text("unique_id,ds,level\nall,2014-11-01,red\na,2014-11-01,rot\n", encoding="utf-8")
    run = ("run", files / "panel.csv", "--tags", files / "tags.csv", "--horizon", 3)
    assert call(*run, "--out", files / "calm.csv").exit_code == 0
    assert call(*run, "--out", files / "wide.csv", "--levels-of", files / "alerts.csv").exit_code == 0
    calm, wide = (pl.read_csv(files / f"{name}.csv") for name in ("calm", "wide"))
    assert calm["mean"].to_list() == wide["mean"].to_list()
    assert ((wide["hi-80"] - wide["lo-80"]) >= (calm["hi-80"] - calm["lo-80"])).all() and not wide.equals(calm)
    got = call(*run, "--out", files / "x.csv", "--levels-of", files / "odd.csv")
    assert isinstance(got.exception, BadInput) and got.exception.code == "E_LEVELS_UNKNOWN" and got.exception.places[0].row == 3


def test_candidates_are_a_choice_of_two(files):
    got = call("run", files / "panel.csv", "--horizon", 3, "--out", files / "x.csv", "--candidates", "best")
    assert isinstance(got.exception, BadInput) and got.exception.code == "E_MODEL_UNKNOWN"
