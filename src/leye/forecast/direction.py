"""Direction: how likely a series is lower in some periods than now, and how likely its year-on-year course turns.

The forecast's own errors at past origins say how likely a value lies below a mark; a logistic regression learned on those same origins makes
that chance one that has come true as often as it says. Everything is learned from before the origin. Argued in docs/reference/direction.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Bools, Floats, any_in_row
from leye.forecast.candidates import DEFAULT, Model
from leye.forecast.chances import Chances, Event, learn
from leye.forecast.engine import called_for, designs_of
from leye.forecast.panel import Panel, known_at
from leye.forecast.rounds import Rounds, go_round
from leye.forecast.scale import choose_scale, fill_from_past
from leye.kernel.errors import BadInput

SCHEMA = {
    "unique_id": pl.String, "origin": pl.Date, "ds": pl.Date, "horizon": pl.Int64, "p_fall": pl.Float64, "p_turn": pl.Float64, "rising": pl.Boolean,
    "p_fall_forecast": pl.Float64, "climatology": pl.Float64, "climatology_cases": pl.Int64, "past_cases": pl.Int64, "reason": pl.String,
}  # fmt: skip
LEAST_CASES = 60
"""Past cases (series times origins) that a calibration needs. # chosen by us: three coefficients and a rough tenth-wise check of them"""


@dataclass(frozen=True, slots=True)
class DirectionResult:
    """table: SCHEMA, one row a series. `p_fall`: chance that the value `horizon` periods on is below today's · `p_turn`: chance that the
    year-on-year course then has the other sign (without a season: that the change over `horizon` periods has) · `rising`: the course today,
    null where unknown · `p_fall_forecast`: before calibration · `climatology`: share of falls from this calendar month in the own past, over
    `climatology_cases` years ·
    `past_cases`: what the calibration was learned on · `reason`: why there is no chance, else null (`unknown_now`, `no_model`, `too_short`).
    """

    table: pl.DataFrame


def direction(
    panel: pl.DataFrame,
    tags: pl.DataFrame | None = None,
    *,
    horizon: int = 3,
    origin: date | None = None,
    models: tuple[Model, ...] = DEFAULT,
) -> DirectionResult:
    """Chances for every series of `panel` (`unique_id, ds, y`), `horizon` periods after `origin` (the last observed date when None).

    tags: `unique_id, parent`, for the growth of the series above. A series without a model gets nulls and a reason; nothing is made up.
    Raises BadInput on a horizon below 1 and on whatever the panel reader refuses.
    """
    if horizon < 1:
        raise BadInput(
            f"期数 {horizon} 要从 1 起。", en=f"horizon must be 1 or more, got {horizon}.", remedy_zh="例如 3。", remedy_en="for example 3."
        )
    known = known_at(panel, tags, origin=origin)
    with threadpool_limits(1, user_api="blas"):
        return DirectionResult(_table(known, horizon, models))


def _table(panel: Panel, horizon: int, models: tuple[Model, ...]) -> pl.DataFrame:
    active = any_in_row(np.isfinite(panel.y))
    kept = panel.kept(active)
    scale = choose_scale(kept.y)
    raw = scale.forward(kept.y)
    x = fill_from_past(raw, season=panel.step.season)
    models = called_for(models, x, panel.step.season)
    designs = replace(designs_of(x, np.isfinite(raw), kept, horizon), split=False)  # the engine's own: chance and forecast speak of one model
    rounds = go_round(designs, raw, season=panel.step.season, horizon=horizon, models=models)
    season = panel.step.season
    fall = learn(rounds, Event("fall", back=0, horizon=horizon), raw, season=season)
    back = season - horizon if 1 < season > horizon else horizon
    turn = learn(rounds, Event("turn", back=back, horizon=horizon), raw, season=season)
    rising = _rising(raw, season, horizon)
    return _laid_out(panel, active, rounds, fall, turn, rising, raw, horizon)


def _rising(raw: Floats, season: int, horizon: int) -> Floats:
    """(n,) the change that the turn is judged by: over a season, or over `horizon` periods where there is none; NaN where unknown."""
    back = season if 1 < season > horizon else horizon
    return raw[:, -1] - raw[:, -1 - back] if raw.shape[1] > back else np.full(len(raw), np.nan)


def _laid_out(panel: Panel, active: Bools, rounds: Rounds, fall: Chances, turn: Chances, rising: Floats, raw: Floats, horizon: int) -> pl.DataFrame:
    seen = np.isfinite(raw[:, -1])
    able = rounds.able
    enough = fall.cases >= LEAST_CASES
    said = seen & able & enough
    reason = np.where(~seen, "unknown_now", np.where(~able, "no_model", np.where(enough, "", "too_short")))
    up = rising > 0
    p_turn = np.where(up, turn.p, 1 - turn.p)
    blocks = {
        "p_fall": np.where(said, fall.p, np.nan),
        "p_turn": np.where(said & np.isfinite(rising) & np.isfinite(p_turn), p_turn, np.nan),
        "p_fall_forecast": np.where(said, fall.raw, np.nan),
        "climatology": fall.climatology,
    }
    row = dict(zip(np.flatnonzero(active).tolist(), range(int(active.sum())), strict=True))
    rows = []
    for i, uid in enumerate(panel.ids):
        at = row.get(i)
        values = {k: None if at is None or not np.isfinite(v[at]) else float(v[at]) for k, v in blocks.items()}
        is_up = None if at is None or not np.isfinite(rising[at]) else bool(up[at])
        why = "unknown_now" if at is None else str(reason[at]) or None
        rows.append({
            "unique_id": uid, "origin": panel.origin, "ds": panel.future(horizon)[-1], "horizon": horizon, **values, "rising": is_up,
            "climatology_cases": 0 if at is None else int(fall.years[at]), "past_cases": fall.cases, "reason": why,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)
