"""The back-test record of one series: how far each model was off, how often the intervals held."""

from __future__ import annotations

from dataclasses import dataclass

from leye.office.published import Row, Snapshot


@dataclass(frozen=True, slots=True)
class Record:
    """n: forecasts that met an observation · mae: mean absolute error in units of y · mape: the same as a share of the observed, None near zero ·
    inside_80, inside_95: share of observations inside the interval, None for a model without one."""

    model: str
    origins: int
    n: int
    mae: float
    mape: float | None
    inside_80: float | None
    inside_95: float | None


def record_of(snapshot: Snapshot, unique_id: str) -> list[Record]:
    """One row a model, the smallest error first."""
    by_model: dict[str, list[Row]] = {}
    for row in snapshot.of_series("backtest", unique_id):
        if row["y"] is not None and row["mean"] is not None:
            by_model.setdefault(row["model"], []).append(row)
    return sorted((_record(model, rows) for model, rows in by_model.items()), key=lambda r: (r.mae, r.model))


def _record(model: str, rows: list[Row]) -> Record:
    off = [abs(r["y"] - r["mean"]) for r in rows]
    level = sum(abs(r["y"]) for r in rows)
    return Record(
        model,
        origins=len({r["origin"] for r in rows}),
        n=len(rows),
        mae=sum(off) / len(rows),
        mape=sum(off) / level if level else None,
        inside_80=_inside(rows, "80"),
        inside_95=_inside(rows, "95"),
    )


def _inside(rows: list[Row], level: str) -> float | None:
    held = [r[f"lo-{level}"] <= r["y"] <= r[f"hi-{level}"] for r in rows if r[f"lo-{level}"] is not None]
    return sum(held) / len(held) if held else None
