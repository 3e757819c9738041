"""`leye match moves` and `leye match radar`: exit codes, forms and refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl


def leye(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "leye", *words], check=False, capture_output=True, text=True)


def test_moves_as_json() -> None:
    ran = leye("match", "moves", "4010204", "--top", "3", "--json")
    told = json.loads(ran.stdout)
    assert ran.returncode == 0 and told["code"] == "4010204" and len(told["moves"]) == 3 and told["unverified"] is True
    assert all(0 <= m["exposure_low"] <= m["exposure_high"] <= 1 for m in told["moves"] if m["exposure_low"] is not None)


def test_an_unknown_job_names_the_nearest() -> None:
    ran = leye("match", "moves", "收银大姐", "--json")
    assert ran.returncode == 2 and "E_PROFILE_UNKNOWN" in ran.stdout and "4010204" in ran.stderr


def test_radar_writes_its_forecast(tmp_path: Path) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "fc.csv"
    lines = [f"{s},2024-{m:02d}-01,{10 + m}" for s in ("焊接", "会计核算") for m in range(1, 13)]
    table.write_text("\n".join(["skill,ds,n", *lines]) + "\n", encoding="utf-8")
    ran = leye("match", "radar", str(table), "--out", str(out), "--json")
    assert ran.returncode == 0 and json.loads(ran.stdout)["skills"] == 2
    found = pl.read_csv(out)
    assert found.columns == ["skill", "ds", "mean", "lo-80", "hi-80", "before", "against", "verdict"] and found["ds"].to_list()[:3] == [
        "2025-01-01",
        "2025-02-01",
        "2025-03-01",
    ]
    assert leye("match", "radar", str(table), "--out", str(tmp_path / "fc.txt")).returncode == 2
