"""One true sentence about a forecast, from the terms that sum to it."""

from __future__ import annotations

from datetime import date

import polars as pl

from leye.forecast.contributions import LAST_LEVEL, NO_LEVEL, largest
from leye.kernel.errors import NotFound

ENGLISH = {
    "base": "the same period a year earlier",
    "growth": "growth on the year so far",
    "lags_recent": "the latest three periods",
    "lags_year": "the rest of the past year",
    "lags_before": "the change from a year before",
    "above": "the series above",
    "total": "the total",
    "shape": "the shape of the season",
    "level": "short-lived swings smoothed away",
    "trend": "the long trend",
    "pool": "what all series share",
    "others": "the other models",
    "reconciliation": "making the sums agree",
}
BASES = {LAST_LEVEL: "the latest value", NO_LEVEL: "no value of its own"}
"""Other bases than that of ENGLISH, by their Chinese name."""
SHOWN = 3
"""Terms named one by one; the rest is given as one figure, so that the sentence still adds up."""


def explain_zh(contributions: pl.DataFrame, unique_id: str, ds: date) -> str:
    """Chinese: the forecast, its base and the largest terms, rounded so that the figures shown add up. Raises NotFound."""
    base_name, base, parts, rest, mean, digits = _figures(contributions, unique_id, ds, "term_zh")
    said = "、".join(f"{name}{_signed(value, digits)}" for name, value in parts)
    other = f"、其余各项合计{_signed(rest, digits)}" if rest else ""
    change = f"，其中{said}{other}" if said else "，没有其他变动"
    return f"预测值{mean:,.{digits}f} = {base_name}{base:,.{digits}f}{_signed(mean - base, digits)}{change}。"


def explain_en(contributions: pl.DataFrame, unique_id: str, ds: date) -> str:
    """English: as `explain_zh`."""
    _base, base, parts, rest, mean, digits = _figures(contributions, unique_id, ds, "term")
    base_zh = contributions.filter(pl.col("unique_id") == unique_id, pl.col("ds") == ds, pl.col("term") == "base")["term_zh"].item()
    said = ", ".join(f"{ENGLISH[name]} {_signed(value, digits)}" for name, value in parts)
    other = f", all else {_signed(rest, digits)}" if rest else ""
    change = f", of which {said}{other}" if said else ", nothing else moves it"
    return f"Forecast {mean:,.{digits}f} = {term_en('base', base_zh)} {base:,.{digits}f} {_signed(mean - base, digits)}{change}."


def term_en(term: str, term_zh: str) -> str:
    """A term's name in English; the base has several, told apart by the Chinese one. The id with spaces where there is no word for it."""
    return BASES.get(term_zh) or ENGLISH.get(term, term.replace("_", " "))


def _figures(contributions: pl.DataFrame, unique_id: str, ds: date, name: str) -> tuple[str, float, list[tuple[str, float]], float, float, int]:
    rows = contributions.filter((pl.col("unique_id") == unique_id) & (pl.col("ds") == ds))
    if rows.is_empty():
        raise NotFound(f"没有 {unique_id} 在 {ds} 的预测。", en=f"no forecast of {unique_id} for {ds}.", remedy_zh="请核对序列与日期。")
    label = dict(zip(rows["term"].to_list(), rows[name].to_list(), strict=True))
    values = list(zip(rows["term"].to_list(), rows["value"].to_list(), strict=True))
    digits = _digits(abs(sum(v for _, v in values)))
    mean = round(sum(v for _, v in values), digits)
    base = round(dict(values)["base"], digits)
    parts = [(label[term], round(v, digits)) for term, v in largest(values, SHOWN)]
    parts = [(term, v) for term, v in parts if v]
    rest = round(mean - base - sum(v for _, v in parts), digits)
    return label["base"], base, parts, rest, mean, digits


def _digits(size: float) -> int:
    """Decimals shown: four significant figures at least, none for large counts."""
    return 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4


def _signed(value: float, digits: int) -> str:
    return f"{'＋' if value >= 0 else '－'}{abs(value):,.{digits}f}"
