"""Loading a GB18030 CSV of 204,000 rows: ours with row ids, quarantine, history and lineage, beside pandas doing the parse alone.

python bench/intake/run.py   (makes its own data; writes README.md beside itself; CPU seconds of the process, all threads)
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from leye.intake import load
from leye.kernel.codes import industries

HERE = Path(__file__).parent
FIRMS, MONTHS, REPEATS = 3_400, 60, 3
DISTRICTS = {"禅城区": "440604", "南海区": "440605", "顺德区": "440606", "三水区": "440607", "高明区": "440608"}
SPEC = """
spec: 1
source: {id: bench}
home: "440600"
key: [firm, month]
fields:
  firm: {type: id, from: [企业编号], required: true}
  region: {type: region, from: [区县], required: true}
  industry: {type: industry, from: [行业代码], required: true}
  month: {type: period, from: [月份], required: true, kind: [month]}
  heads: {type: count, unit: 人, from: [参保人数], required: true, range: [0, 1000000]}
  wage: {type: money, unit: 元, from: [平均工资], range: [0, 1000000]}
  rate: {type: ratio, from: [离职率], range: [0, 1]}
"""


def make(path: Path) -> int:
    """Write the file; one cell in a thousand is a word, a dash or a broken formula. Returns the number of bad cells."""
    rng = np.random.Generator(np.random.PCG64(7))
    names, sections = list(DISTRICTS), [i.code for i in industries().values() if i.level == 1][:19]
    bad = 0
    lines = ["企业编号,区县,行业代码,月份,参保人数,平均工资,离职率"]
    for firm in range(FIRMS):
        base, district, section = int(rng.integers(5, 4_000)), names[rng.integers(5)], sections[rng.integers(19)]
        heads = np.maximum(base + rng.normal(0, base * 0.05, MONTHS).round(), 0).astype(int)
        wages, rates, dice = rng.integers(3_000, 20_000, MONTHS), rng.integers(0, 300, MONTHS), rng.random(MONTHS)
        for m in range(MONTHS):
            spoilt = dice[m] < 0.001
            bad += spoilt
            head = "面议" if spoilt else f'"{heads[m]:,}"' if heads[m] >= 1_000 else str(heads[m])
            lines.append(f'F{firm:06d},{district},{section},{2020 + m // 12}年{m % 12 + 1}月,{head},"{wages[m]:,}",{rates[m] / 10}%')
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    return bad


def ours(file: Path, folder: Path) -> tuple[int, int]:
    """Rows loaded and quarantined."""
    (folder / "s.yaml").write_text(SPEC, encoding="utf-8")
    report = load(folder / "s.yaml", [file], folder / "out", recorded_at=datetime(2025, 8, 31, tzinfo=UTC))
    return report.total("loaded"), report.total("quarantined")


def with_pandas(file: Path, folder: Path) -> tuple[int, int]:
    """The same typed columns, bad rows apart, repeated keys out; no row ids, no lineage, no history, no reasons."""
    import pandas as pd

    raw = pd.read_csv(file, encoding="gb18030", dtype=str, keep_default_na=False)
    typed = pd.DataFrame({"firm": raw["企业编号"].str.strip(), "region": raw["区县"].map(DISTRICTS), "industry": raw["行业代码"]})
    month = raw["月份"].str.extract(r"^(\d{4})年(\d{1,2})月$")
    typed["start"] = pd.to_datetime(month[0] + "-" + month[1] + "-01", format="%Y-%m-%d", errors="coerce")
    typed["end"] = typed["start"] + pd.offsets.MonthEnd(0)
    typed["heads"] = pd.to_numeric(raw["参保人数"].str.replace(",", ""), errors="coerce")
    typed["wage_fen"] = (pd.to_numeric(raw["平均工资"].str.replace(",", ""), errors="coerce") * 100).round()
    typed["rate"] = pd.to_numeric(raw["离职率"].str.rstrip("%"), errors="coerce") / 100
    good = typed.notna().all(axis=1) & typed["heads"].between(0, 1_000_000) & typed["rate"].between(0, 1)
    raw[~good].to_parquet(folder / "bad.parquet")
    kept = typed[good].drop_duplicates(["firm", "start"])
    kept.to_parquet(folder / "good.parquet")
    return len(kept), int((~good).sum())


def timed(run: Callable[[Path, Path], tuple[int, int]], file: Path) -> tuple[float, tuple[int, int]]:
    """Median CPU seconds of the repeats after one warm-up, and what the run counted."""
    seconds, counts = [], (0, 0)
    for _ in range(REPEATS + 1):
        with tempfile.TemporaryDirectory() as name:
            start = time.process_time()
            counts = run(file, Path(name))
            seconds.append(time.process_time() - start)
    return statistics.median(seconds[1:]), counts


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "bench.csv"
        bad = make(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        results = {"Leye": timed(ours, file), "pandas": timed(with_pandas, file)}
    rows = FIRMS * MONTHS
    lines = [
        "# Loading a CSV",
        "",
        f"{rows:,} rows of 7 columns, GB18030, {bad} cells spoilt; data made by the script, sha256 {digest}…. `python bench/intake/run.py`, "
        f"median of {REPEATS} after a warm-up, in process, polars {pl.__version__}.",
        "",
        "| | CPU s | rows per CPU s | loaded | set aside | with |",
        "|---|---|---|---|---|---|",
    ]
    extra = {
        "Leye": "grammar of each kind of cell, reasons, row ids by content, history, raw cell of every value, atomic publish",
        "pandas": "typed columns by hand-written code for these seven columns; bad rows apart without a reason",
    }
    for name, (seconds, (loaded, aside)) in results.items():
        lines.append(f"| {name} | {seconds:.2f} | {rows / seconds:,.0f} | {loaded:,} | {aside} | {extra[name]} |")
    ratio = results["Leye"][0] / results["pandas"][0]
    lines += ["", f"Leye takes {ratio:.2f} times the CPU of pandas here, lineage included (the aim is 0.5).", ""]
    text = "\n".join(lines)
    (HERE / "README.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
