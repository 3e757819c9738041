"""Quiet periods: a downturn of the past teaches no threshold, noise is no downturn."""

from __future__ import annotations

import numpy as np

from leye.watch.quiet import downturns, quiet_periods


def test_a_fall_by_hand() -> None:
    level = np.array([0.0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 4])
    assert downturns(level, 6, 2.5) == [(3, 6)] and downturns(level, 6, 3.5) == [] and downturns(level, 9, 2.5) == [], (
        "a peak is passed by nothing near"
    )


def test_only_the_fall_is_masked_and_its_begin_is_known() -> None:
    dice = np.random.default_rng(1)
    x = np.cumsum(dice.normal(0.002, 0.002, (120, 3)), axis=0)
    x[60:72, 0] -= np.linspace(0.01, 0.12, 12)
    x[72:, 0] -= 0.12
    e = np.vstack([np.full((1, 3), np.nan), np.diff(x, axis=0)])
    calm = quiet_periods(x, e, -1.0, 12)
    assert not calm.quiet[58:72, 0].any() and calm.quiet[:50, 0].all() and calm.quiet[80:, 0].all() and calm.quiet[:, 1:].all()
    assert calm.begins[:, 0].sum() == 6 and not calm.begins[:, 1:].any()
    assert quiet_periods(x, e, 1.0, 12).quiet.all(), "a fall is no downturn where rises are bad"
