"""From files to the indicator store: official forms, published forms, bad cells, and the commands."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from leye.cli.indicators import app
from leye.cli.table_read import read_codes, write_template
from leye.intake.indicator_source import OFFICIAL, publication, publication_day, source_named
from leye.intake.published_forms import FORMS, read_form
from leye.kernel.errors import BadInput
from leye.lake.observations import Dimension, open_store

AT = datetime(2025, 9, 15, 1, tzinfo=UTC)
FORMS_SHIPPED = sorted(f.stem for f in OFFICIAL.glob("*.yaml"))
SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "forecast"
shared = pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")


@pytest.mark.parametrize("name", FORMS_SHIPPED)
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_every_template_loads_whole_and_is_marked_as_made(name: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"form{ending}"
    write_template(name, file)
    read = publication(source_named(name), file, vintage_ts=AT, recorded_at=AT, loads=tmp_path / "loads")
    lines = (OFFICIAL / "templates" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert read.quarantine.is_empty() and read.observations.height == len(lines) - 3, "title, header and note are no rows"
    assert set(read.observations["quality"]) == {"made"}
    assert open_store(tmp_path).append(read.observations).added == read.observations.height


def test_survey_and_registered_unemployment_are_two_indicators() -> None:
    assert {"survey_unemployment", "registered_unemployment"} <= set(FORMS_SHIPPED)


def test_bad_cells_are_set_aside_with_row_column_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        "登记失业\n时期,地区,期末登记失业人数（人）,数据性质\n2025年7月,示例市,很多,终值\n2025年8月,示例市,420,终值\n2025年1-8月,示例市,9,终值\n"
    )
    read = publication(source_named("registered_unemployment"), file, vintage_ts=AT, recorded_at=AT, loads=tmp_path / "loads")
    assert read.observations["value"].to_list() == [420.0]
    bad = read.quarantine.select("row", "column").rows()
    assert (3, "people") in bad and (5, "month") in bad
    assert all(read.quarantine["suggestion"].str.len_chars() > 0)


def test_fred_md_reads_american_dates_and_sets_bad_cells_aside(tmp_path: Path) -> None:
    file = tmp_path / "fred.csv"
    file.write_text("sasdate,UNRATE,CLAIMSx\nTransform:,2,5.0\n1/1/1959,6.0,291\n2/1/1959,x,\n13/1/1959,5,5\n,,\n")
    read = read_form("fred_md", file)
    assert read.observations.select("indicator", "period_start", "value", "unit").rows() == [
        ("UNRATE", date(1959, 1, 1), 6.0, "tcode-2"),
        ("CLAIMSx", date(1959, 1, 1), 291.0, "tcode-5"),
    ]
    assert read.quarantine.select("row", "column", "raw").rows() == [(4, "UNRATE", "x"), (5, "sasdate", "13/1/1959")]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_file_of_another_form_is_refused(form: str, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="E_COLUMN_MISSING"):
        read_form(form, file)


def test_the_day_in_a_file_name_is_the_day_of_publication() -> None:
    assert publication_day(Path("us_2024-05-08.parquet")) == datetime.fromisoformat("2024-05-08T00:00:00+08:00")
    assert publication_day(Path("2024-13-08.parquet")) is None and publication_day(Path("panel.csv")) is None


def test_the_shipped_table_of_codes_is_sound() -> None:
    assert Dimension.of(read_codes(OFFICIAL / "codes.csv")).frame.height == 5


def test_a_template_is_a_workbook_that_opens(tmp_path: Path) -> None:
    write_template("vacancy_ratio", tmp_path / "form.xlsx")
    assert load_workbook(tmp_path / "form.xlsx").active["C2"].value == "职业代码"
    with pytest.raises(BadInput, match="E_FILE_TYPE"):
        write_template("vacancy_ratio", tmp_path / "form.doc")


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, list(arguments))
    if isinstance(answer.exception, BadInput):
        raise answer.exception
    return answer.exit_code, answer.stdout


def test_the_commands_load_list_and_look_back(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    for day, value in (("2025-08-15", "412"), ("2025-09-15", "415")):
        file = tmp_path / f"失业_{day}.csv"
        file.write_text(f"登记失业\n时期,地区,期末登记失业人数（人）,数据性质\n2025年7月,示例市,{value},终值\n")
        code, out = _run("load", "registered_unemployment", str(file), "--json", *data)
        assert code == 0 and json.loads(out)["loads"][0]["added"] == 1
    assert json.loads(_run("load", "registered_unemployment", str(file), "--json", *data)[1])["loads"][0]["unchanged"] == 1
    [line] = json.loads(_run("list", "--json", *data)[1])
    assert line["revised"] == 1 and line["value"] == 415.0
    [row] = json.loads(_run("revisions", line["key"], "--json", *data)[1])
    assert (row["first_value"], row["value"], row["change"], row["days"]) == (412.0, 415.0, 3.0, 31)
    out_file = tmp_path / "known.csv"
    assert _run("as-of", "2025-09-01", "--panel", "--out", str(out_file), *data)[0] == 0
    assert pl.read_csv(out_file).rows() == [("registered_unemployment", "2025-07-01", 412.0)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("load", "no_such_source", "x.csv"), "E_SOURCE_UNKNOWN"),
        (("as-of", "soon", "--out", "x.csv"), "E_INSTANT"),
        (("revisions", "a/b"), "E_KEY"),
        (("as-of", "2025-01-01", "--out", "x.doc"), "E_FILE_TYPE"),
    ],
)
def test_bad_input_is_answered_with_its_code(arguments: tuple[str, ...], code: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=code):
        _run(*arguments, "--data", str(tmp_path))


@shared
def test_eight_weekly_vintages_of_postings_are_known_as_they_were(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for file in sorted((SHARED / "indeed" / "us_state_vintages").glob("*.parquet")):
        at = publication_day(file)
        assert at is not None
        store.append(publication("postings_index", file, vintage_ts=at, recorded_at=AT, loads=tmp_path).observations)
    known = store.as_of(datetime(2024, 6, 4, 12, tzinfo=UTC))
    as_published = pl.read_parquet(SHARED / "indeed" / "us_state_vintages" / "2024-06-04.parquet")
    assert known.height == as_published.height and known["value"].sum() == pytest.approx(as_published["indeed_job_postings_index"].sum())
    assert len(store.vintages()) == 8 and store.list_series()["revised"].min() > 0
