"""The models of the mix, each alone at one origin: what the mix has to be better than to be worth its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Floats, any_in_row
from leye.forecast.candidates import Model, forecast_from
from leye.forecast.engine import called_for, designs_of
from leye.forecast.panel import Panel
from leye.forecast.scale import choose_scale, fill_from_past


def single_means(panel: Panel, *, horizon: int, models: tuple[Model, ...]) -> dict[str, Floats]:
    """(n, H) mean of each model in units of y, before any reconciliation; NaN where the model had too little to go on.

    The seasonal naive is left out: a back-test has it as a row of its own. Models that the panel has no use for are not asked.
    """
    active = any_in_row(np.isfinite(panel.y))
    known = panel.kept(active)
    with threadpool_limits(1, user_api="blas"):
        scale, season = choose_scale(known.y), known.step.season
        raw = scale.forward(known.y)
        x = fill_from_past(raw, season=season)
        designs = replace(designs_of(x, np.isfinite(raw), known, horizon), split=False)
        asked = tuple(m for m in called_for(models, x, season) if m != "seasonal_naive")
        made = forecast_from(designs, at=x.shape[1] - 1, horizon=horizon, models=asked)
    out = {}
    for candidate in made:
        block = np.full((len(panel.ids), horizon), np.nan)
        block[active] = np.where(candidate.able[:, None], scale.back(candidate.x), np.nan)
        out[str(candidate.model)] = block
    return out
