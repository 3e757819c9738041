"""The news of a forecast as one sentence, Chinese and English, whose figures add up as shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.kernel.errors import NotFound

SHOWN = 3
"""Releases named one by one. # chosen by us: more than three nobody keeps in mind; the rest is one figure"""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect on a forecast, `value` rounded as it is said; figures None where they were not known."""

    kind: str
    release: str | None
    period: date | None
    before: float | None
    after: float | None
    value: float


def news_zh(news: pl.DataFrame, unique_id: str, ds: date, *, name: Callable[[str], str] = str, when: Callable[[date], str] = str) -> str:
    """What moved one forecast. news: as `news.NEWS` · name, when: how a series and a period are called. Raises NotFound."""
    before, after, shown, rest, digits = _figures(news, unique_id, ds)
    said = [f"{_cause_zh(e, name, when, digits)}{_signed(e.value, digits)}" for e in shown] + ([f"其余合计{_signed(rest, digits)}"] if rest else [])
    why = f"：{'；'.join(said)}" if said else "，没有变"
    return (
        f"{name(unique_id)} {when(ds)} 的预测由{before:,.{digits}f}改为{after:,.{digits}f}（{_signed(round(after - before, digits), digits)}）{why}。"
    )


def news_en(news: pl.DataFrame, unique_id: str, ds: date, *, name: Callable[[str], str] = str, when: Callable[[date], str] = str) -> str:
    """English: as `news_zh`."""
    before, after, shown, rest, digits = _figures(news, unique_id, ds)
    said = [f"{_cause_en(e, name, when, digits)} {_signed(e.value, digits)}" for e in shown] + ([f"all else {_signed(rest, digits)}"] if rest else [])
    why = f": {'; '.join(said)}" if said else ", unchanged"
    change = _signed(round(after - before, digits), digits)
    return f"The forecast of {name(unique_id)} for {when(ds)} moves from {before:,.{digits}f} to {after:,.{digits}f} ({change}){why}."


def effects_of(news: pl.DataFrame, unique_id: str, ds: date) -> list[Effect]:
    """The effects on one forecast, greatest first, not rounded. Raises NotFound."""
    rows = news.filter((pl.col("unique_id") == unique_id) & (pl.col("ds") == ds))
    if rows.is_empty():
        raise NotFound(
            f"没有 {unique_id} 在 {ds} 的预测变动", en=f"no news of {unique_id} for {ds}", remedy_zh="请核对序列与日期", remedy_en="check both"
        )
    made = [Effect(r["kind"], r["release"], r["period"], r["expected"], r["actual"], r["value"]) for r in rows.iter_rows(named=True)]
    return sorted(made, key=lambda e: (-abs(e.value), e.kind, e.release or ""))


def label_zh(effect: Effect, name: Callable[[str], str] = str) -> str:
    """What an effect is called on a chart."""
    if effect.release is None:
        return {"filled": "还缺的数", "model": "模型重估", "reconciliation": "上下级求和一致"}[effect.kind]
    return f"{name(effect.release)}·{'修订' if effect.kind == 'revision' else '新公布'}"


def label_en(effect: Effect, name: Callable[[str], str] = str) -> str:
    """English: as `label_zh`."""
    if effect.release is None:
        return {"filled": "still missing", "model": "model fitted anew", "reconciliation": "sums that agree"}[effect.kind]
    return f"{name(effect.release)}: {'revised' if effect.kind == 'revision' else 'new'}"


def _cause_zh(effect: Effect, name: Callable[[str], str], when: Callable[[date], str], digits: int) -> str:
    if effect.release is None or effect.after is None:
        return label_zh(effect, name)
    period = "" if effect.period is None else when(effect.period)
    if effect.kind == "revision":
        was = "补报为" if effect.before is None else f"由{_exact(effect.before)}改为"
        return f"{name(effect.release)} {period} 的旧数{was}{_exact(effect.after)}等修订"
    than = "" if effect.before is None else f"，原来预计{effect.before:,.{digits}f}"
    return f"{name(effect.release)} {period} 新公布{_exact(effect.after)}{than}，"


def _cause_en(effect: Effect, name: Callable[[str], str], when: Callable[[date], str], digits: int) -> str:
    if effect.release is None or effect.after is None:
        return label_en(effect, name)
    period = "" if effect.period is None else when(effect.period)
    if effect.kind == "revision":
        was = "came late as" if effect.before is None else f"was {_exact(effect.before)}, now"
        return f"revisions of {name(effect.release)} ({period} {was} {_exact(effect.after)})"
    than = "" if effect.before is None else f" against {effect.before:,.{digits}f} expected"
    return f"{name(effect.release)} for {period} at {_exact(effect.after)}{than}"


def _figures(news: pl.DataFrame, unique_id: str, ds: date) -> tuple[float, float, list[Effect], float, int]:
    effects = effects_of(news, unique_id, ds)
    ends = news.filter((pl.col("unique_id") == unique_id) & (pl.col("ds") == ds)).row(0, named=True)
    digits = _digits(abs(ends["after"]))
    before, after = round(ends["before"], digits), round(ends["after"], digits)
    named = [e for e in effects if e.release is not None][:SHOWN] + [e for e in effects if e.kind == "model"]
    shown = [Effect(e.kind, e.release, e.period, e.before, e.after, round(e.value, digits)) for e in named]
    shown = [e for e in shown if e.value]
    rest = round(after - before - sum(e.value for e in shown), digits)
    return before, after, shown, rest, digits


def _digits(size: float) -> int:
    """Decimals: those of the level, and one more, since news are small beside it."""
    return 1 if size >= 1000 else 2 if size >= 1 else 4


def _exact(value: float) -> str:
    """A published figure as it was published: as many decimals as it has, six at most."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def _signed(value: float, digits: int) -> str:
    return f"{'＋' if value >= 0 else '－'}{abs(value):,.{digits}f}"
