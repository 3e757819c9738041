"""Counts, questions and noise: by hand, against a slow count, against the law that the noise is said to follow."""

from __future__ import annotations

from datetime import date
from math import exp
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.trust.privacy.datasets import UNKNOWN, dataset_called, read_datasets
from leye.trust.privacy.releases import MOST_CELLS, Query, cells_of, exact_counts

PEOPLE = dataset_called("people", "440600")
ON = date(2025, 8, 31)
SCHEMA = {"person_id": pl.String, "region": pl.String, "sex": pl.String, "birth": pl.Date, "hukou_local": pl.Boolean}


def table(*rows: dict[str, Any]) -> pl.LazyFrame:
    return pl.LazyFrame([{"person_id": f"P{i}"} | r for i, r in enumerate(rows)], schema=SCHEMA)


def counted(frame: pl.LazyFrame, *by: str, **where: str) -> dict[Any, int]:
    """Cells that are not empty."""
    asked = Query.asked(PEOPLE, by, where)
    counts = exact_counts(frame, PEOPLE, asked, on=ON)
    return {cell if len(cell) > 1 else "".join(cell): n for cell, n in zip(cells_of(PEOPLE, asked), counts, strict=True) if n}


AGES = [
    (date(2025, 8, 31), "0-15", "born on the day"),
    (date(2025, 9, 1), UNKNOWN, "born after the day"),
    (date(2009, 9, 1), "0-15", "sixteen tomorrow"),
    (date(2009, 8, 31), "16-24", "sixteen today"),
    (date(2000, 12, 31), "16-24", "24, months whose number times 100 does not fit a byte"),
    (date(2000, 2, 29), "25-34", "a leap day"),
    (date(1960, 8, 31), "65+", "65 today"),
    (date(1960, 9, 1), "55-64", "65 tomorrow"),
    (date(1900, 1, 1), "65+", "125"),
    (None, UNKNOWN, "not known"),
]


@pytest.mark.parametrize(("birth", "band", "why"), AGES, ids=[a[-1] for a in AGES])
def test_age_bands(birth: date | None, band: str, why: str) -> None:
    assert counted(table({"birth": birth}), "age_band") == {band: 1}


def test_a_table_by_hand() -> None:
    frame = table(
        {"region": "CN-440605", "sex": "F", "hukou_local": True},
        {"region": "CN-440605", "sex": "F", "hukou_local": None},
        {"region": "CN-440605", "sex": "M", "hukou_local": False},
        {"region": "CN-440605", "sex": "x"},
        {"region": "CN-4406", "sex": "F", "hukou_local": True},
        {"region": "CN-110101", "sex": None},
    )
    assert counted(frame, "sex") == {"F": 3, "M": 1, UNKNOWN: 2}
    assert counted(frame, "region", sex="F") == {"CN-440605": 2, UNKNOWN: 1}
    assert counted(frame, "hukou_local") == {"true": 2, "false": 1, UNKNOWN: 3}
    assert counted(frame, "sex", "region") == {
        ("CN-440605", "F"): 2,
        ("CN-440605", "M"): 1,
        ("CN-440605", UNKNOWN): 1,
        (UNKNOWN, "F"): 1,
        (UNKNOWN, UNKNOWN): 1,
    }
    assert counted(frame) == {"": 6}
    assert counted(frame, hukou_local="true") == {"": 2}
    assert counted(frame, "firm_size") == {UNKNOWN: 6}, "a column that the table lacks is unknown of everybody"


def test_an_id_counts_once_and_nobody_not() -> None:
    frame = pl.LazyFrame([{"person_id": i, "sex": s} for i, s in (("P1", "F"), ("P1", "M"), ("P2", "F"), (None, "F"))], schema=SCHEMA)
    assert counted(frame, "sex") == {"F": 2}


people = st.fixed_dictionaries({
    "region": st.sampled_from(["CN-440604", "CN-440605", "CN-44", None]),
    "sex": st.sampled_from(["M", "F", None]),
    "birth": st.one_of(st.none(), st.dates(date(1920, 1, 1), date(2026, 12, 31))),
    "hukou_local": st.sampled_from([True, False, None]),
})  # fmt: skip


@given(st.lists(people, max_size=30), st.sampled_from([("sex",), ("region", "sex"), ("age_band",), ("hukou_local", "age_band")]))
@settings(max_examples=60, deadline=None)
def test_sums_and_a_slow_count(rows: list[dict[str, Any]], by: tuple[str, ...]) -> None:
    asked = Query.asked(PEOPLE, by, {})
    counts = exact_counts(table(*rows), PEOPLE, asked, on=ON)
    assert sum(counts) == len(rows)
    slow = [tuple(_slow(row, name) for name in asked.by) for row in rows]
    assert counts == [slow.count(cell) for cell in cells_of(PEOPLE, asked)]


@given(st.lists(people, min_size=1, max_size=20), st.data())
@settings(max_examples=60, deadline=None)
def test_one_person_changes_the_counts_by_one(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    """What the price of a release stands on: L1 sensitivity 1 an id."""
    asked = Query.asked(PEOPLE, ("region", "sex"), data.draw(st.sampled_from([{}, {"hukou_local": "true"}, {"age_band": "25-34"}])))
    frame = table(*rows).collect()
    left_out = data.draw(st.integers(0, len(rows) - 1))
    without = frame.with_row_index().filter(pl.col("index") != left_out).drop("index")
    full, less = (exact_counts(f.lazy(), PEOPLE, asked, on=ON) for f in (frame, without))
    assert sum(abs(a - b) for a, b in zip(full, less, strict=True)) <= 1


def _slow(row: dict[str, Any], name: str) -> str:
    if name == "age_band":
        birth = row["birth"]
        if birth is None or birth > ON:
            return UNKNOWN
        age = ON.year - birth.year - ((ON.month, ON.day) < (birth.month, birth.day))
        return next(
            band for low, band in reversed(list(zip(PEOPLE.groups["age_band"].ages, PEOPLE.groups["age_band"].values, strict=True))) if age >= low
        )
    text = str(row[name]).lower() if isinstance(row[name], bool) else row[name]
    return text if text in PEOPLE.groups[name].values else UNKNOWN


def test_one_question_has_one_form() -> None:
    one = Query.asked(PEOPLE, ("sex", "region"), {"hukou_local": "true", "graduate": "false"})
    other = Query.asked(PEOPLE, ("region", "sex"), {"graduate": "false", "hukou_local": "true"})
    assert (one, one.key()) == (other, other.key())
    assert one.key() != Query.asked(PEOPLE, ("region", "sex"), {"graduate": "true", "hukou_local": "true"}).key()


BAD = [
    (("name",), {}, "a name"),
    (("person_id",), {}, "an id"),
    (("sex", "sex"), {}, "twice"),
    (("sex",), {"sex": "F"}, "group and filter"),
    (("sex", "region", "age_band", "graduate"), {}, "four groups"),
    (("region", "age_band", "employment_status"), {"sex": "Z"}, "no such value"),
    ((), {"birth": "1990-01-01"}, "a filter by a raw column"),
]


@pytest.mark.parametrize(("by", "where", "why"), BAD, ids=[b[-1] for b in BAD])
def test_questions_that_are_refused(by: tuple[str, ...], where: dict[str, str], why: str) -> None:
    with pytest.raises(BadInput) as refused:
        Query.asked(PEOPLE, by, where)
    assert refused.value.code == "E_RELEASE"


def test_most_cells() -> None:
    largest = Query.asked(PEOPLE, ("region", "age_band", "employment_status"), {})
    assert len(cells_of(PEOPLE, largest)) == 6 * 8 * 7 <= MOST_CELLS


@pytest.mark.parametrize(
    "text",
    [
        "datasets: [{code: a}]",
        "datasets: [{code: a, zh: a, en: a, table: t, epsilon_per_year: 0, most_rows_per_person: 1, groups: []}]",
        "datasets: [{code: a, zh: a, en: a, table: t, epsilon_per_year: 1, most_rows_per_person: 0, groups: []}]",
        "datasets: [{code: a, zh: a, en: a, table: t, epsilon_per_year: 1, most_rows_per_person: 1, groups: [{code: g, zh: g, en: g, column: c,"
        " values: [unknown], zh_values: [x], en_values: [x]}]}]",
        "datasets: [{code: a, zh: a, en: a, table: t, epsilon_per_year: 1, most_rows_per_person: 1, groups: [{code: g, zh: g, en: g, column: c,"
        " values: [a, b], zh_values: [x], en_values: [x]}]}]",
    ],
)
def test_a_wrong_pack_is_refused(tmp_path: Any, text: str) -> None:
    file = tmp_path / "releases.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_datasets(file, "440600")
    assert refused.value.code == "E_PACK"


def test_noise_follows_the_discrete_laplace_law() -> None:
    """P(k) = (1 - q) / (1 + q) * q^|k|, q = e^(-1/scale) (Canonne, Kamath, Steinke 2020, definition 6); 20,000 draws, bounds five deviations wide."""
    noise = pytest.importorskip("leye.trust.privacy.noise")
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    n, micro = 20_000, 500_000
    made = noise.with_noise([7] * n, epsilon_micro=micro, sensitivity=2)
    assert made.scale == pytest.approx(4.0)
    q = exp(-1 / 4)
    drawn = [v - 7 for v in made.counts]
    for k in range(-8, 9):
        p = (1 - q) / (1 + q) * q ** abs(k)
        assert abs(drawn.count(k) / n - p) < 5 * (p * (1 - p) / n) ** 0.5, k
    inside = sum(abs(v) <= made.accuracy for v in drawn) / n
    assert inside > 0.95 - 5 * (0.95 * 0.05 / n) ** 0.5
    tighter = sum(abs(v) <= made.accuracy - 1 for v in drawn) / n
    assert tighter < 0.95 + 5 * (0.95 * 0.05 / n) ** 0.5, "the accuracy is not wider than it must be"


@pytest.mark.parametrize("micro", [10_000, 30_000, 100_000, 333_333, 700_000, 1_000_000, 2_000_000])
@pytest.mark.parametrize("sensitivity", [1, 2, 3])
def test_the_proven_loss_never_exceeds_the_price(micro: int, sensitivity: int) -> None:
    """OpenDP's own map from distance to loss is the judge; the scale is the smallest that it passes, up to rounding."""
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    from leye.trust.privacy import noise

    measurement, scale = noise._mechanism(micro, sensitivity)
    assert measurement.map(sensitivity) <= micro / 1e6
    assert scale == pytest.approx(sensitivity * 1e6 / micro, rel=1e-12)


def test_two_releases_differ() -> None:
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    from leye.trust.privacy.noise import with_noise

    assert with_noise([5] * 50, epsilon_micro=100_000).counts != with_noise([5] * 50, epsilon_micro=100_000).counts
    with pytest.raises(ValueError, match="positive"):
        with_noise([5], epsilon_micro=0)
