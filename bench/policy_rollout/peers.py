"""What others would do with the same panel: each gives (value, low, high) of the effect summed over four weeks."""

from __future__ import annotations

import warnings

import numpy as np
import statsmodels.api as sm

from leye.policy.promote.effect import effect_of
from leye.policy.promote.panel import Panel
from leye.policy.promote.wedge import since_reached, wedge

WITHIN = 4
Z = 1.959964


def ours(panel: Panel) -> tuple[float, float, float]:
    """Within-week comparison, CR2 and its degrees of freedom."""
    total = effect_of(panel, seed=1, draws=0).total
    return total.value, total.low, total.high


def ours_plain(panel: Panel) -> tuple[float, float, float]:
    """The same estimate with plain cluster residuals and a normal quantile, to show what the small-sample correction is worth."""
    found = wedge(panel.at_risk, panel.applied, panel.reached, range(0, WITHIN))
    value, scores = float(found.thetas.sum()), np.zeros(len(panel.grids))
    fitted = found.control_weights @ found.rate
    residual = found.rate - fitted[found.week] - np.where(found.column >= 0, np.append(found.thetas, 0.0)[found.column], 0.0)
    np.add.at(scores, found.grid, found.weights.sum(axis=0) * residual)
    half = Z * float(np.sqrt((scores**2).sum()))
    return value, value - half, value + half


def two_way(panel: Panel) -> tuple[float, float, float]:
    """statsmodels: weighted least squares on grid and week effects and weeks since the notice, cluster-robust by grid with t of G - 1."""
    since = since_reached(panel.reached, len(panel.weeks))
    g, t = np.nonzero(panel.at_risk > 0)
    columns = [g[:, None] == np.arange(1, len(panel.grids)), t[:, None] == np.arange(len(panel.weeks))]
    columns += [(since[g, t] == k)[:, None] for k in range(WITHIN)] + [(since[g, t] >= WITHIN)[:, None]]
    x = np.hstack(columns).astype(float)
    y = panel.applied[g, t] / panel.at_risk[g, t]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = sm.WLS(y, x, weights=panel.at_risk[g, t]).fit(cov_type="cluster", cov_kwds={"groups": g}, use_t=True)
        contrast = np.zeros(x.shape[1])
        contrast[-1 - WITHIN : -1] = 1.0
        test = fit.t_test(contrast)
    low, high = test.conf_int()[0]
    return float(test.effect[0]), float(low), float(high)


def before_after(panel: Panel) -> tuple[float, float, float]:
    """Reached grids: four weeks after the notice against the weeks before it, as if nothing else had changed."""
    since = since_reached(panel.reached, len(panel.weeks))
    before, after = (since < 0) & (panel.reached < len(panel.weeks))[:, None], (since >= 0) & (since < WITHIN)
    rates = [(panel.applied[m].sum(), panel.at_risk[m].sum()) for m in (before, after)]
    (k0, n0), (k1, n1) = rates
    p0, p1 = k0 / n0, k1 / n1
    half = Z * np.sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    return tuple(WITHIN * v for v in (p1 - p0, p1 - p0 - half, p1 - p0 + half))  # type: ignore[return-value]


def reached_or_not(panel: Panel) -> tuple[float, float, float]:
    """All reached person-weeks against all others, weeks and grids forgotten."""
    since = since_reached(panel.reached, len(panel.weeks))
    after = (since >= 0) & (since < WITHIN)
    (k1, n1), (k0, n0) = ((panel.applied[m].sum(), panel.at_risk[m].sum()) for m in (after, since < 0))
    p0, p1 = k0 / n0, k1 / n1
    half = Z * np.sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    return tuple(WITHIN * v for v in (p1 - p0, p1 - p0 - half, p1 - p0 + half))  # type: ignore[return-value]


PEERS = {
    "ours": ours,
    "ours without small-sample correction": ours_plain,
    "two-way fixed effects, cluster-robust (statsmodels)": two_way,
    "before and after, binomial": before_after,
    "reached against not reached, binomial": reached_or_not,
}
