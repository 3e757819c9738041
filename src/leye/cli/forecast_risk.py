"""The work behind `leye forecast risk`: registers in, the eight tables of a profile out. No database is touched and nothing is sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

TABLES = ("risk", "figures", "bins", "gaps", "model", "learned", "drift", "notices")


def write_profile(data: Path, out: Path, on: date | None) -> tuple[dict[str, object], str]:
    """(the answer for machines, the answer for people). Raises BadInput when registers are missing or cannot be read."""
    import polars as pl

    from leye.cli.table_file import write_table
    from leye.forecast.hazard import profile
    from leye.office.nightly.registers import FILES, register_of
    from leye.office.nightly.run import city_today

    lacking = [name for name in FILES if not (data / "city" / f"{name}.parquet").exists()]
    if lacking:
        raise _lacking(data, lacking)
    day = on or city_today(data)
    found = profile(register_of(data), day)
    for name in TABLES:
        write_table(getattr(found, name), out / f"{name}.parquet")
    levels = found.risk.group_by("question", "level").len("people").sort("question", "level").to_dicts()
    figures = found.figures.with_columns(pl.col("month").dt.to_string("iso")).to_dicts()
    machine: dict[str, object] = {
        "on": day.isoformat(), "out": str(out), "levels": levels, "figures": figures,
        "notices": found.notices.to_dicts(),
    }  # fmt: skip
    lines = [f"已写入 {out}，按 {day} 及以前的登记"]
    lines += [f"  {r['question']} {r['level']} {r['people']}" for r in levels]
    lines += [
        f"  一年前 {f['question']} {f['horizon']} 个月：说 {f['stated']:.1%}，实际 {f['happened']:.1%}，校准误差 {f['ece']:.1%}，AUC {f['auc']:.3f}"
        for f in found.figures.to_dicts()
    ]
    lines += [f"  {n['text_zh']}" for n in found.notices.to_dicts()]
    return machine, "\n".join(lines)


def _lacking(data: Path, names: list[str]) -> Exception:
    from leye.kernel.errors import BadInput, Place

    return BadInput(
        f"{data} 里缺登记表：{'、'.join(names)}",
        en=f"{data} lacks the registers {', '.join(names)}",
        remedy_zh="先运行 leye demo --out DIR，或把表放进 city/",
        remedy_en="run leye demo --out DIR first, or put the tables into city/",
        places=tuple(Place(str(data / "city" / f"{name}.parquet")) for name in names),
        code="E_RISK_REGISTER",
    )
