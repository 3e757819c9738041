"""One boosted regression over all series (LightGBM) on the inputs of the lag regression: a slow candidate, imported only when asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from leye.forecast.arrays import Floats
from leye.forecast.design import Design
from leye.forecast.dispersion import spread
from leye.forecast.lags import CLIP
from leye.forecast.scale import shift
from leye.kernel.errors import BadInput

TREES, LEAVES, RATE, LEAST_IN_LEAF = 80, 15, 0.08, 40
"""# chosen by us: small trees, since 30 000 rows of one panel are far from independent; not tuned"""
MOST_ROWS = 200_000
"""Rows that one horizon is fitted to; a longer table is thinned evenly."""
PARAMETERS = {
    "objective": "l1",
    "num_leaves": LEAVES,
    "learning_rate": RATE,
    "min_data_in_leaf": LEAST_IN_LEAF,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 0,
    "verbosity": -1,
}


def boosted_changes(design: Design, *, horizon: int) -> Floats:
    """(n, H) forecast of S(T+h) - S(T), one model for each horizon, all series together in units of their own scale; 0 where nothing could
    be learned. Raises BadInput (E_EXTRA) where LightGBM is not installed."""
    lightgbm = library()
    unit = spread(design.growth, robust=True)
    n, periods = design.growth.shape
    table = design.inputs(slice(0, n))
    growth = design.growth / unit[:, None]
    ready = np.isfinite(shift(growth, 3)) & design.known
    out = np.zeros((n, horizon))
    for h in range(1, min(horizon, periods - 1) + 1):
        shape = np.zeros((n, periods)) if design.shapes is None else design.shapes[:, :, h - 1]
        inputs = np.clip(np.nan_to_num(np.concatenate([table, shape[:, :, None]], axis=-1) / unit[:, None, None]), -CLIP, CLIP)
        target = growth[:, h:] - growth[:, :-h]
        use = ready[:, :-h] & design.known[:, h:] & np.isfinite(target)
        rows = inputs[:, :-h][use]
        if len(rows) >= 4 * LEAST_IN_LEAF:
            step = -(-len(rows) // MOST_ROWS)
            fitted = lightgbm.train(PARAMETERS, lightgbm.Dataset(rows[::step], np.clip(target[use], -CLIP, CLIP)[::step]), num_boost_round=TREES)
            out[:, h - 1] = fitted.predict(inputs[:, -1]) * unit
    return np.where(np.isfinite(design.growth[:, -1])[:, None], out, 0.0)


def library() -> Any:
    """LightGBM. Raises BadInput (E_EXTRA) where it is not installed."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:  # OSError: the wheel is there, the system's OpenMP library is not
        raise BadInput(
            "没有安装 LightGBM，--candidates all 用不了。",
            en="LightGBM is not installed, so --candidates all cannot run.",
            remedy_zh="运行 pip install 'leye[models]'（Debian 还需要 libgomp1），或改用 --candidates default。",
            remedy_en="run pip install 'leye[models]' (on Debian also libgomp1), or take --candidates default.",
            code="E_EXTRA",
        ) from error
    return lightgbm
