"""What moved the forecast between two vintages of a panel: revisions of old values, new values, and the model, summing to the change exactly.

The model is held as it was fitted on the new vintage and shown the data step by step: the old vintage carried on by its own forecast, then with old
values revised and carried on anew, then with new values in place of their forecasts. Within a step series are replaced one after the other in the
order of their ids. For the lag models each effect is weight times surprise, as in the news of Bańbura and Modugno (2014, J. Appl. Econometrics 29(1),
section 2.3), because they are linear; what the order matters for is only the clip of the robust form. What remains is named: `filled` (values
that are still missing), `model` (new coefficients, weights, one step nearer), `reconciliation` (sums that agree).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Bools, Floats, all_in_row, any_in_row
from leye.forecast.coherent import made_coherent
from leye.forecast.engine import Fitted, fit
from leye.forecast.frozen import Frozen, freeze
from leye.forecast.news_vintages import Vintages, align
from leye.forecast.panel import Panel
from leye.forecast.scale import fill_from_past

KINDS = ("revision", "new", "filled", "model", "reconciliation")
NEWS = {
    "unique_id": pl.String(), "ds": pl.Date(), "kind": pl.String(), "release": pl.String(), "period": pl.Date(), "expected": pl.Float64(),
    "actual": pl.Float64(), "value": pl.Float64(), "before": pl.Float64(), "after": pl.Float64(),
}  # fmt: skip
"""One row an effect on a forecast: `value` in units of y; `before` and `after` are the two forecasts of that series and date, and the values of a
series and date sum to their difference. `release` is the series whose figure came or changed (null for the last three kinds), `period` the newest
one that came, or the one revised most, `expected` and `actual` its figure before and after."""


@dataclass(frozen=True, slots=True)
class _States:
    """Filled data on the new vintage's scale, (n, T) each: as the old vintage expected, revised, with what came, and as the run saw it."""

    old: Floats
    revised: Floats
    came: Floats
    new: Floats


def news(old: pl.DataFrame, new: pl.DataFrame, tags: pl.DataFrame | None = None, *, horizon: int) -> pl.DataFrame:
    """Explain the forecasts of `horizon` periods after the end of `new` against those that `old` gave for the same dates: as NEWS.

    old, new: `unique_id, ds, y`, two vintages of one panel · tags: `unique_id, parent`. Series that only one of them knows are not explained,
    but count as releases. Raises BadInput: as `run`, and E_NEWS_ORDER when the first vintage ends later.
    """
    vintages = align(old, new, tags)
    with threadpool_limits(1, user_api="blas"):
        return _explained(vintages, horizon)


def _explained(v: Vintages, horizon: int) -> pl.DataFrame:
    rows = any_in_row(np.isfinite(v.new.y))
    lean = v.new.kept(rows)
    fitted = fit(lean, horizon=horizon, levels=(80,))
    after = made_coherent(v.new, fitted, rows).mean[rows]
    before, expected = _old_forecast(v, rows, horizon)
    raw = fitted.scale.forward(lean.y)
    filled = fill_from_past(raw, season=lean.step.season)
    frozen = freeze(fitted, filled, np.isfinite(raw), has_tree=lean.has_tree)
    states = _states(v, lean, fitted, rows, filled, expected)
    own_before = expected[:, v.shift :]
    told = all_in_row(np.isfinite(before) & np.isfinite(own_before) & np.isfinite(after))
    per_unit = _per_unit(fitted, own_before)
    return _table(v, lean, told, before, after, _effects(frozen, states), per_unit, _moved(fitted, own_before), fitted.scale.back(states.revised))


def _old_forecast(v: Vintages, rows: Bools, horizon: int) -> tuple[Floats, Floats]:
    """((n, H) reconciled old forecasts of the new dates, (n, shift + H) own forecasts from the old origin), NaN where it has no value.

    A fit for more periods mixes its models otherwise. Where the old run spoke of a date itself, what it said is what counts; the last `shift`
    dates it did not speak of, so they come from a longer fit.
    """
    mean, own = _said(v.old, horizon)
    if v.shift:
        further_mean, further_own = _said(v.old, horizon + v.shift)
        mean = np.concatenate([mean, further_mean[:, horizon:]], axis=1)
        own = np.concatenate([own, further_own[:, horizon:]], axis=1)
    return mean[rows][:, v.shift :], own[rows]


def _said(old: Panel, horizon: int) -> tuple[Floats, Floats]:
    """(n, horizon) each: reconciled and own forecasts of a vintage."""
    has_value = any_in_row(np.isfinite(old.y))
    fitted = fit(old.kept(has_value), horizon=horizon, levels=(80,))
    own = np.full((len(old.ids), horizon), np.nan)
    own[has_value] = fitted.scale.back(fitted.x)
    return made_coherent(old, fitted, has_value).mean, own


def _states(v: Vintages, lean: Panel, fitted: Fitted, rows: Bools, filled: Floats, expected: Floats) -> _States:
    cut, season = v.old.y.shape[1], lean.step.season
    old_raw = fitted.scale.forward(v.old.y[rows])
    new_raw = fitted.scale.forward(lean.y)
    old = np.concatenate([fill_from_past(old_raw, season=season), fitted.scale.forward(expected[:, : v.shift])], axis=1)
    revised = np.concatenate([filled[:, :cut], _expected_again(v, lean, fitted, rows, expected)], axis=1)
    came = np.where(np.isfinite(new_raw) & (np.arange(filled.shape[1]) >= cut), new_raw, revised)
    unknown = ~np.isfinite(old[:, cut - 1 :]).all(axis=1)  # a series that the old vintage does not know cannot have been expected
    for state in (old, revised, came):
        state[unknown] = filled[unknown]
        np.copyto(state, filled, where=~np.isfinite(state))
    return _States(old, revised, came, filled)


def _expected_again(v: Vintages, lean: Panel, fitted: Fitted, rows: Bools, expected: Floats) -> Floats:
    """(n, shift) what revised series are expected to do from their new past; a series that was not revised is held to what was said of it."""
    if not v.shift or not v.is_revised:
        return fitted.scale.forward(expected[:, : v.shift])
    past = v.revised(lean)
    has_value = any_in_row(np.isfinite(past.y))
    again = fit(past.kept(has_value), horizon=v.shift, levels=(80,))
    out = np.full((len(lean.ids), v.shift), np.nan)
    out[has_value] = again.scale.back(again.x)
    return fitted.scale.forward(np.where(v.revised_rows[rows][:, None], out, expected[:, : v.shift]))


def _effects(frozen: Frozen, states: _States) -> Iterator[tuple[str, int, Floats]]:
    """(kind, row of the release or -1, (n, H) effect on the working scale), effects that are not zero only; `model` is not among them."""
    crossing = frozen.crossing(states.old)
    for kind, start, end in (("revision", states.old, states.revised), ("new", states.revised, states.came)):
        own = frozen.own(end) - frozen.own(start)
        at = start.copy()
        for row in np.flatnonzero((start != end).any(axis=1)):
            at[row] = end[row]
            reached = frozen.crossing(at)
            effect = reached - crossing
            effect[row] += own[row]
            crossing = reached
            yield kind, int(row), effect
    yield "filled", -1, frozen.crossing(states.new) - crossing + frozen.own(states.new) - frozen.own(states.came)


def _moved(fitted: Fitted, own_before: Floats) -> Floats:
    """(n, H) change of the own forecast on the working scale."""
    return fitted.x - fitted.scale.forward(own_before)


def _per_unit(fitted: Fitted, own_before: Floats) -> Floats:
    """(n, H) units of y for one of the working scale along the way from old to new: their logarithmic mean, so that effects add up in y."""
    after = fitted.scale.back(fitted.x)
    step = _moved(fitted, own_before)
    is_step = np.isfinite(step) & (np.abs(step) > 1e-12)
    return np.where(is_step, (after - own_before) / np.where(is_step, step, 1.0), fitted.slope)


def _table(
    v: Vintages, lean: Panel, told: Bools, before: Floats, after: Floats, effects: Iterator[tuple[str, int, Floats]],
    per_unit: Floats, moved: Floats, foreseen: Floats,
) -> pl.DataFrame:  # fmt: skip
    blocks: list[tuple[str, int, Floats]] = []
    left_x, left_y = moved.copy(), after - before
    for kind, row, effect in effects:
        left_x -= effect
        blocks.append((kind, row, effect * per_unit))
        left_y = left_y - blocks[-1][2]
    model = left_x * per_unit
    blocks += [("model", -1, model), ("reconciliation", -1, left_y - model)]
    named = _Named(v, lean, told, before, after, foreseen)
    return pl.concat([named.rows(*block) for block in blocks]).sort("unique_id", "ds", maintain_order=True)


@dataclass(frozen=True, slots=True)
class _Named:
    """Effects by number to rows of NEWS. foreseen: (n, T) what the revised old vintage expected, in units of y."""

    v: Vintages
    lean: Panel
    told: Bools
    before: Floats
    after: Floats
    foreseen: Floats

    def rows(self, kind: str, release: int, effect: Floats) -> pl.DataFrame:
        """The rows of one release; effects that are exactly zero have none, but every forecast has one of the model."""
        row, column = np.nonzero(self.told[:, None] & ((effect != 0.0) | (kind == "model")))
        ahead = pl.Series("ds", self.lean.future(effect.shape[1]), dtype=pl.Date)
        name, period, expected, actual = self.v.figures(self.lean.ids[release], kind) if release >= 0 else (None, None, None, None)
        if kind == "new" and period is not None:
            expected = float(self.foreseen[release, self.lean.step.position(period)])
        count = len(row)
        columns = [
            pl.Series("unique_id", np.array(self.lean.ids, dtype=object)[row].tolist(), dtype=pl.String),
            ahead.gather(column),
            *(pl.Series(n, [v] * count, dtype=NEWS[n]) for n, v in (("kind", kind), ("release", name), ("period", period))),
            *(pl.Series(n, [v] * count, dtype=pl.Float64) for n, v in (("expected", expected), ("actual", actual))),
            pl.Series("value", effect[row, column], dtype=pl.Float64),
            pl.Series("before", self.before[row, column], dtype=pl.Float64),
            pl.Series("after", self.after[row, column], dtype=pl.Float64),
        ]
        return pl.DataFrame(columns).select(list(NEWS))
