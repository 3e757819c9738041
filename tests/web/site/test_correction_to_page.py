"""A correction, from the form to the figure: stored, the job run for real, a new snapshot published, the page shows the value and its cell."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.intake import why
from leye.office.jobs.models import JobRun
from leye.office.jobs.perform import perform
from leye.office.published import published_snapshot
from leye.site.addresses import series_url


@pytest.fixture
def folder(city_data: Path, tmp_path: Path, settings: Any, own_data_folder: None, db: None, monkeypatch: Any) -> Path:
    """A published city of the test's own; the job's process sees no settings of the developer's."""
    copy = tmp_path / "city"
    shutil.copytree(city_data, copy, symlinks=True)
    settings.LEYE_DATA = copy
    for name in ("LEYE_DATABASE_URL", "LEYE_MODE", "LEYE_NOW", "LEYE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEYE_DATA", str(copy))
    return copy


def test_a_mended_cell_is_on_the_page_after_the_replay(folder: Path, signed_in: Any) -> None:
    before = published_snapshot(folder)
    assert before is not None
    (cell,) = before.frame("quarantine").filter(pl.col("source") == "statistics", pl.col("code") == "E_NUMBER_SIGN").to_dicts()
    mended = cell["raw"].removeprefix("▲")
    assert cell["raw"] == f"▲{mended}"
    client = signed_in("admin")
    form = {k: "" if v is None else str(v) for k, v in cell.items() if k in ("source", "file", "sheet", "row", "column", "raw")}
    assert "正在重新读这个来源" in client.post("/data/correct", form | {"value": mended}, follow=True).content.decode()

    job = JobRun.objects.get(kind="replay")
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error

    after = published_snapshot(folder)
    assert after is not None and after.run_id != before.run_id and job.result == {"run_id": after.run_id}
    assert after.frame("quarantine").filter(pl.col("source") == "statistics", pl.col("row") == cell["row"]).is_empty()
    new = after.frame("panel").drop_nulls().join(before.frame("panel").drop_nulls(), on=["unique_id", "ds"], how="anti")
    assert new["y"].to_list() == [pytest.approx(float(mended) / 100)] * new.height and new.height >= 1

    uid, month = new.row(0)[0], new.row(0)[1]
    analyst = signed_in("analyst")
    text = analyst.get(f"{series_url(uid)}.csv").content.decode("utf-8-sig")
    assert f"{after.run_id},{uid},{month},{float(mended) / 100:g}," in text
    rows = after.frame("panel_cells").filter(pl.col("unique_id") == uid, pl.col("ds") == month)
    assert why(folder / "loads" / "statistics", rows["row_id"][0], rows["column"][0]).raw == cell["raw"], "the file says what it said"
    assert cell["raw"] in analyst.get(series_url(uid), {"month": f"{month:%Y-%m}"}).content.decode()
