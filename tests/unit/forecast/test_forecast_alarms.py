"""Warning levels handed to the forecast: which periods they stand for, and by how much they widen intervals."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.forecast import run
from leye.forecast.alarms import IN_FORCE, high_at
from leye.forecast.conformal import WIDER, Alarms, half_widths, wider
from leye.forecast.panel import known_at
from leye.kernel.errors import BadInput
from tests_support.panels import add_up, lively, months, table

PARENT = {"all": None, "s00": "all", "s01": "all"}
TAGS = pl.DataFrame({"unique_id": list(PARENT), "parent": list(PARENT.values())}, schema={"unique_id": pl.Utf8, "parent": pl.Utf8})
PANEL = table(add_up(lively(4, 2, 96), PARENT))


def warnings(*rows: tuple[str, date, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"unique_id": pl.Utf8, "ds": pl.Date, "level": pl.Utf8}, orient="row")


def where(rows: pl.DataFrame, uid: str, origin: date | None = None) -> list[int]:
    known = known_at(PANEL, TAGS, origin=origin)
    return np.flatnonzero(high_at(known, rows, origin=origin)[known.ids.index(uid)]).tolist()


@pytest.mark.parametrize(
    ("rows", "uid", "periods", "why"),
    [
        ([("s00", 40, "orange")], "s00", list(range(40, 40 + IN_FORCE)), "a row stands for six periods"),
        ([("s00", 40, "黄")], "s00", [], "yellow is not high"),
        ([("s00", 40, "红"), ("s00", 43, "blue")], "s00", [40, 41, 42], "a later row takes over"),
        ([("all", 40, "red")], "s01", list(range(40, 40 + IN_FORCE)), "what stands above counts below"),
        ([("s00", 40, "red")], "all", [], "what stands below does not count above"),
        ([("s00", 93, "red")], "s00", [93, 94, 95], "nothing beyond the panel"),
    ],
)
def test_periods_under_a_high_level(rows, uid, periods, why):
    days = months(96)
    assert where(warnings(*((u, days[at], level) for u, at, level in rows)), uid) == periods, why


def test_rows_after_the_origin_are_not_read():
    days = months(96)
    early = warnings(("s00", days[40], "orange"))
    late = warnings(("s00", days[40], "orange"), ("s00", days[60], "red"), ("nobody", days[61], "purple"))
    assert where(early, "s00", days[50]) == where(late, "s00", days[50])
    told = [run(PANEL, TAGS, horizon=4, origin=days[50], levels_of=rows).forecast for rows in (early, late)]
    assert told[0].equals(told[1])


@pytest.mark.parametrize(("row", "code"), [(("nobody", 3, "red"), "E_LEVELS_UNKNOWN_ID"), (("s00", 3, "purple"), "E_LEVELS_UNKNOWN")])
def test_strange_rows_are_answered(row, code):
    uid, at, level = row
    with pytest.raises(BadInput) as told:
        run(PANEL, TAGS, horizon=3, levels_of=warnings((uid, months(96)[at], level)))
    assert told.value.code == code


def test_what_was_learned_under_high_levels_widens():
    dice = np.random.default_rng(2)
    high = np.zeros((5, 200), dtype=bool)
    high[:, :100] = True
    errors = dice.normal(size=(5, 200, 6)) * np.where(high, 2.0, 1.0)[:, :, None]
    spread = np.ones_like(errors)
    growth = wider(np.abs(errors), spread, high, (80, 95))
    exact = [np.quantile(np.abs(errors[high]), q) / np.quantile(np.abs(errors), q) for q in (0.8, 0.95)]
    assert growth == pytest.approx(exact, rel=0.05)
    assert wider(np.abs(errors), spread, np.zeros_like(high), (80, 95)) == [WIDER, WIDER]  # nothing to learn from


def test_calm_series_keep_their_width_and_levels_stay_in_order():
    dice = np.random.default_rng(3)
    errors, typical = dice.normal(size=(4, 30, 6)), np.ones((30, 6))
    past, now = np.zeros((4, 30), dtype=bool), np.arange(30) < 10
    past[:2, :8] = True
    kept = {"ages": [1, 2, 3, 4], "levels": (50, 80, 95), "typical": typical}
    plain, with_alarms = half_widths(errors, **kept), half_widths(errors, **kept, alarms=Alarms(past, now))
    assert np.array_equal(plain[:, ~now], with_alarms[:, ~now])
    assert (with_alarms[:, now] >= plain[:, now]).all()
    assert (np.diff(with_alarms, axis=0) >= 0).all()
