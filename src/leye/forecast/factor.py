"""The one factor that a panel moves with, and each series' share of it in its own sign and size.

Principal component of the standardised steps (Stock and Watson 2002), steps clipped as in the robust regression so that one wild month does not
become the factor. A series' share is loading times factor: the same news is a rise for employment and a fall for claims, which a median over all
series would let cancel, and in a hierarchy it says more than the parent and the root do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats
from leye.forecast.dispersion import median, spread

CLIP = 6.0
"""Steps beyond 6 robust deviations count as 6, as `lags.CLIP` has it for one period."""


@dataclass(frozen=True, slots=True)
class Factor:
    """Loadings held still. loading: (n,) on standardised steps · middle, unit: (n,) a series' median step and its robust deviation."""

    loading: Floats
    middle: Floats
    unit: Floats

    def course(self, x: Floats) -> Floats:
        """(n, T) the part of filled `x` (n, T) that moves with the factor: 0 at the first column, then the running sum of its steps."""
        z = _standardised(x, self.middle, self.unit)
        seen = np.isfinite(z)
        square = (self.loading**2) @ seen
        drawn = self.loading @ np.where(seen, z, 0.0)
        steps = np.where(square > 0, drawn / np.where(square > 0, square, 1.0), 0.0)
        out: Floats = np.zeros(x.shape)
        np.multiply((self.loading * self.unit)[:, None], np.cumsum(steps), out=out[:, 1:])
        return out


def panel_factor(x: Floats) -> Factor:
    """The factor of filled `x` (n, T), NaN before a series begins; loadings are 0 for series that never move or have no steps."""
    middle, unit = median(np.diff(x, axis=1)), spread(x, robust=True)
    z = np.nan_to_num(_standardised(x, middle, unit))
    return Factor(_first_loading(z), middle, unit)


def _standardised(x: Floats, middle: Floats, unit: Floats) -> Floats:
    z: Floats = np.diff(x, axis=1)
    z -= middle[:, None]
    z /= unit[:, None]
    return np.clip(z, -CLIP, CLIP, out=z)


def _first_loading(z: Floats) -> Floats:
    """(n,) first left singular vector of z (n, T), by the smaller of the two cross products; its sign does not matter, it meets itself again."""
    n, periods = z.shape
    if n <= periods:
        return np.asarray(np.linalg.eigh(z @ z.T)[1][:, -1])
    across = np.linalg.eigh(z.T @ z)[1][:, -1] if periods else np.zeros(0)
    loading = z @ across
    size = float(np.sqrt((loading**2).sum()))
    return loading / size if size > 0 else loading
