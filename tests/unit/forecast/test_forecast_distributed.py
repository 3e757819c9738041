"""The engine over parts of a panel is the engine: through Fugue's own engine here, on Spark in the slow test beside."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye import forecast
from leye.forecast.candidates import ALL
from leye.forecast.distributed import fitter_on, rows_of_parts
from leye.forecast.part import part_of
from leye.kernel.errors import BadInput
from tests_support.panels import distribution_panel, largest_difference

pytest.importorskip("fugue", reason="Fugue is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Fugue's own code is not held to our rule

CASES = [
    ({}, 5, "no hierarchy: the common course is handed in"),
    ({"with_tags": True}, 4, "a hierarchy: parts hold the series above as context"),
    ({"gaps": 0.2}, 3, "scattered gaps: the whole decides which horizons share rows"),
    ({"months": 30, "with_tags": True}, 3, "too short for past origins"),
    ({"series": 2}, 7, "more parts than series"),
]


@pytest.mark.parametrize(("kind", "parts", "why"), CASES, ids=[c[-1] for c in CASES])
def test_parts_give_what_the_whole_gives(kind, parts, why):
    panel, tags = distribution_panel(**kind)
    whole = forecast.run(panel, tags, horizon=6)
    split = forecast.run(panel, tags, horizon=6, engine="native", parts=parts)
    assert largest_difference(whole.forecast, split.forecast) <= 1e-8
    assert split.models.equals(whole.models)


def test_explanations_come_along_and_add_up():
    panel, tags = distribution_panel(with_tags=True)
    made = forecast.run(panel, tags, horizon=6, engine="native", parts=3)
    told = made.contributions.group_by("unique_id", "ds").agg(pl.col("value").sum())
    off = made.forecast.join(told, on=["unique_id", "ds"]).select(((pl.col("mean") - pl.col("value")).abs() / pl.col("mean").abs()).max()).item()
    assert off <= 1e-9


def test_every_series_is_one_parts_own_and_brings_all_that_stand_above_it():
    parent = np.array([-1, 0, 0, 1, 1, 2])
    rows = rows_of_parts(np.arange(12.0).reshape(6, 2), parent, parts=3)
    assert rows.filter("own")["row"].to_list() == [0, 1, 2, 3, 4, 5]
    last = part_of(rows.filter(pl.col("part") == 2).to_dicts())
    assert last.row.tolist() == [0, 1, 2, 4, 5] and last.own.tolist() == [False, False, False, True, True]
    assert last.parent.tolist() == [-1, 0, 0, 1, 2], "the parents within the part"
    assert last.raw[-1].tolist() == [10.0, 11.0]


def test_what_cannot_be_fitted_in_parts_is_refused():
    with pytest.raises(BadInput) as unknown:
        fitter_on("dask")
    assert unknown.value.code == "E_ENGINE_UNKNOWN"
    panel, _ = distribution_panel()
    with pytest.raises(BadInput) as boosted:
        forecast.run(panel, horizon=3, models=ALL, engine="native")
    assert boosted.value.code == "E_ENGINE_MODEL"


def test_without_fugue_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "fugue.api", None)
    panel, _ = distribution_panel()
    with pytest.raises(BadInput) as missing:
        forecast.run(panel, horizon=3, engine="native")
    assert missing.value.code == "E_EXTRA" and "leye[spark]" in missing.value.remedy_zh


def test_an_origin_in_the_past_is_kept():
    panel, tags = distribution_panel(with_tags=True)
    origin = date(2019, 6, 1)
    whole, split = (forecast.run(panel, tags, horizon=3, origin=origin, engine=e, parts=2) for e in ("local", "native"))
    assert largest_difference(whole.forecast, split.forecast) <= 1e-8
