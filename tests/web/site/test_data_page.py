"""Data quality: the account balances, every held-back row is reachable, and a correction is stored, recorded and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import published_fixture
from leye.office.jobs.models import JobRun
from leye.office.outbox.models import AuditEntry


@pytest.fixture
def own_city(tmp_path: Path, settings: Any, own_data_folder: None, db: None) -> Path:
    """A folder of the test's own, because corrections are written into it."""
    folder = tmp_path / "mine"
    published_fixture.write_city(folder)
    settings.LEYE_DATA = folder
    return folder


def test_received_equals_loaded_held_back_and_duplicates(city: Any, signed_in: Any, soup: Any) -> None:
    rows = soup(signed_in("admin").get("/data")).select("section[aria-labelledby=loads] tbody tr")
    for row in rows:
        received, loaded, held, twice = (int(row.select("td")[i].text.replace(",", "")) for i in (1, 2, 3, 4))
        assert received == loaded + held + twice
    assert [r.select("td")[5].text.strip() for r in rows[:-1]] == ["✓ 对得上"] * 2
    assert int(rows[-1].select("td")[1].text) == sum(r["rows_in"] for r in city.rows("loads"))


def test_a_load_that_does_not_balance_is_said(own_city: Path, signed_in: Any, tmp_path: Path, settings: Any) -> None:
    import polars as pl

    from leye.office.published import published_snapshot

    snapshot = published_snapshot(own_city)
    assert snapshot is not None
    broken = snapshot.frame("loads").with_columns(pl.col("loaded") + 1)
    settings.LEYE_DATA = tmp_path / "broken"
    published_fixture.write_city(settings.LEYE_DATA, loads=broken)
    assert "对不上" in signed_in("admin").get("/data").content.decode()


def test_held_back_rows_say_place_reason_and_remedy(city: Any, signed_in: Any) -> None:
    text = signed_in("admin").get("/data").content.decode()
    assert "2 行没读进来，等着改" in text
    assert "第 14 行" in text and "面议" in text and "填岗位数，例如 12" in text
    assert "合计行是 1800" in text


def test_rows_are_filtered_by_reason(city: Any, signed_in: Any) -> None:
    text = signed_in("admin").get("/data", {"code": "E_NOT_A_DATE"}).content.decode()
    assert "共 1 处" in text and "二〇二五年十三月" in text and "<code>面议</code>" not in text


def test_a_correction_is_stored_recorded_and_the_source_read_again(own_city: Path, signed_in: Any, soup: Any) -> None:
    client = signed_in("admin")
    form = soup(client.get("/data")).select_one("section[aria-labelledby=quarantine] form[method=post]")
    fields = {i["name"]: i.get("value", "") for i in form.select("input[name]")} | {"value": "12"}
    answer = client.post(form["action"], fields, follow=True)
    assert "正在重新读这个来源" in answer.content.decode()
    (stored,) = json.loads((own_city / "loads" / "hr_jobs" / "corrections.json").read_text(encoding="utf-8"))
    assert (stored["column"], stored["raw"], stored["value"], stored["row"], stored["sheet"]) == ("岗位数", "面议", "12", 14, "8月")
    assert stored["by"].startswith("admin")
    job = JobRun.objects.get(kind="replay")
    assert job.params == {"source": "hr_jobs"}
    assert AuditEntry.objects.filter(verb="cell.corrected", object_id=str(job.pk)).exists()
    assert "排队中" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"value": "面议"}, 400, "新写的和原来一样"),
        ({"row": "15", "value": "12"}, 404, "没有找到"),
        ({"row": "x", "value": "12"}, 404, "没有找到"),
        ({"source": "../../etc", "value": "12"}, 404, "没有找到"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused_in_words(change: dict[str, str], status: int, words: str, own_city: Path, signed_in: Any) -> None:
    cell = {"source": "hr_jobs", "file": published_fixture.FILE, "sheet": "8月", "row": "14", "column": "岗位数", "raw": "面议"}
    answer = signed_in("admin").post("/data/correct", cell | change)
    assert answer.status_code == status and words in answer.content.decode()
    assert not (own_city / "loads").exists() and not JobRun.objects.exists()


def test_replaying_a_source_twice_is_one_job(own_city: Path, signed_in: Any) -> None:
    client = signed_in("admin")
    for _ in range(2):
        assert "正在重新读" in client.post("/data/replay", {"source": "hr_jobs"}, follow=True).content.decode()
    assert JobRun.objects.count() == 1
    assert client.post("/data/replay", {"source": "nobody"}).status_code == 404


def test_who_may_not_mend_sees_no_form(own_city: Path, signed_in: Any, monkeypatch: Any) -> None:
    from leye.office import permissions

    monkeypatch.setitem(permissions.PERMISSIONS, "data.replay", frozenset())
    client = signed_in("admin")
    assert "存下并重读" not in client.get("/data").content.decode()
    assert client.post("/data/replay", {"source": "hr_jobs"}).status_code == 403


@pytest.mark.parametrize(("table", "rows"), [("loads", 2), ("quarantine", 2), ("load_warnings", 1)])
def test_tables_can_be_taken_home(table: str, rows: int, city: Any, signed_in: Any) -> None:
    text = signed_in("admin").get(f"/data/{table}.csv").content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == rows + 1


def test_a_cell_cannot_become_a_formula(own_city: Path, signed_in: Any, tmp_path: Path, settings: Any) -> None:
    import polars as pl

    from leye.office.published import published_snapshot

    snapshot = published_snapshot(own_city)
    assert snapshot is not None
    evil = snapshot.frame("quarantine").with_columns(raw=pl.lit('=HYPERLINK("http://evil")'))
    settings.LEYE_DATA = tmp_path / "evil"
    published_fixture.write_city(settings.LEYE_DATA, quarantine=evil)
    assert "\"'=HYPERLINK" in signed_in("admin").get("/data/quarantine.csv").content.decode("utf-8-sig")
