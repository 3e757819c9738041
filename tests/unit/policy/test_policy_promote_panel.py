"""The panel of a roll-out: what is refused, by row and column, and what is counted."""

from datetime import date, timedelta

import polars as pl
import pytest

from leye.kernel.errors import BadInput, CheckFailed
from leye.policy.promote.effect import effect_of
from leye.policy.promote.panel import panels_of

MONDAY = date(2025, 7, 7)


def row(grid, person, week, notified=False, applied=False, **more):
    return {"grid_id": grid, "person_id": person, "week": MONDAY + timedelta(days=7 * week), "notified": notified, "applied": applied, **more}


GOOD = [
    row("G1", "a", 0),
    row("G1", "a", 1, True, True),
    row("G1", "b", 0),
    row("G1", "b", 1, True),
    row("G2", "c", 0, applied=True),
    row("G2", "d", 0),
    row("G2", "d", 1),
]


def test_counts_by_grid_and_week():
    (panel,) = panels_of(pl.DataFrame(GOOD))
    assert panel.grids == ("G1", "G2")
    assert panel.weeks == (MONDAY, MONDAY + timedelta(days=7))
    assert panel.at_risk.tolist() == [[2, 2], [2, 1]]
    assert panel.applied.tolist() == [[0, 1], [1, 0]]
    assert panel.reached.tolist() == [1, 2]


def test_one_panel_a_policy_in_order():
    rows = [r | {"policy": p} for p in ("z", "a") for r in GOOD]
    assert [p.policy for p in panels_of(pl.DataFrame(rows))] == ["a", "z"]


REFUSED = [
    ("a person twice in a week", [*GOOD, row("G1", "b", 1, True)], 8, "person_id"),
    ("somebody at risk after applying", [*GOOD, row("G2", "c", 1)], 8, "week"),
    ("a grid half reached", [*GOOD[:3], row("G1", "b", 1, False), *GOOD[4:]], 4, "notified"),
    ("a grid reached and then not", [*GOOD, row("G1", "b", 2, False), row("G2", "d", 2)], 8, "notified"),
    ("an unknown value", [*GOOD, row("G2", None, 1)], 8, "person_id"),
]


@pytest.mark.parametrize(("rows", "line", "column"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_bad_rows_are_named(rows, line, column):
    with pytest.raises(BadInput) as refused:
        panels_of(pl.DataFrame(rows), source="p.csv")
    place = refused.value.places[0]
    assert (refused.value.code, place.file, place.column) == ("E_PANEL", "p.csv", column)
    assert place.row == line
    assert refused.value.remedy_zh
    assert refused.value.en != refused.value.zh


@pytest.mark.parametrize("column", ["grid_id", "person_id", "week", "notified", "applied"])
def test_a_missing_column_is_named(column):
    with pytest.raises(BadInput) as refused:
        panels_of(pl.DataFrame(GOOD).drop(column))
    assert refused.value.places[0].column == column


def test_types_and_gaps_are_refused():
    with pytest.raises(BadInput, match="notified"):
        panels_of(pl.DataFrame(GOOD).with_columns(pl.col("notified").cast(pl.Int64)))
    with pytest.raises(BadInput, match="不连续"):
        panels_of(pl.DataFrame([*GOOD, row("G2", "d", 3)]))
    with pytest.raises(BadInput, match="只有一个星期"):
        panels_of(pl.DataFrame([row("G1", "a", 0), row("G2", "b", 0)]))


def test_too_few_grids_and_weeks_give_no_interval():
    (panel,) = panels_of(pl.DataFrame(GOOD))
    with pytest.raises(CheckFailed) as refused:
        effect_of(panel, seed=1)
    assert refused.value.code == "E_FEW_GRIDS"
    many = [row(f"G{g}", f"p{g}-{i}", w, g == 0 and w >= 2) for g in range(8) for i in range(5) for w in range(3)]
    with pytest.raises(CheckFailed, match="1 周"):
        effect_of(panels_of(pl.DataFrame(many))[0], seed=1)
