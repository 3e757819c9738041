"""The audit's figures against tables worked by hand, one case an edge of the formula sheet."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.trust.audit import RATE_COLUMNS, Measure, audit, check_decisions, parse_decisions, read_decisions, write_audit
from leye.trust.audit.comparison import compare, holm
from leye.trust.audit.intervals import log_ratio, wilson


def table(rows: list[tuple[Any, ...]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(columns), orient="row", infer_schema_length=None)


def group_of(found: Any, grouping: str, group: str) -> dict[str, Any]:
    rows = found.rates.filter((pl.col("grouping") == grouping) & (pl.col("group") == group)).to_dicts()
    assert len(rows) == 1, (grouping, group)
    return dict(rows[0])


HAND = [
    # sex, age, selected, score: 6 women (2 chosen), 4 men (2 chosen), one of unknown sex
    *[("女", "16-24", s, x) for s, x in ((1, 0.9), (1, 0.2), (0, 0.5), (0, 0.5))],
    *[("女", "55+", s, x) for s, x in ((0, 0.1), (0, None))],
    *[("男", "16-24", s, x) for s, x in ((1, 0.8), (0, 0.3))],
    *[("男", None, s, x) for s, x in ((1, 0.7), (0, 0.5))],
    (None, "16-24", 1, 0.6),
]


@pytest.fixture(scope="module")
def hand() -> Any:
    return audit(check_decisions(table(HAND, "sex", "age_band", "selected", "score"), ["sex", "age_band"]))


def test_fixed_columns_come_first_and_in_order(hand: Any) -> None:
    assert tuple(hand.rates.columns[: len(RATE_COLUMNS)]) == RATE_COLUMNS


def test_median_counts_rows_of_unknown_group_and_even_counts_take_the_middle_of_two(hand: Any) -> None:
    # ten scores: .1 .2 .3 .5 .5 | .5 .6 .7 .8 .9
    assert hand.summary["median_score"] == 0.5
    even = check_decisions(table([("a", 1, 1.0), ("a", 0, 2.0)], "g", "selected", "score"), ["g"])
    assert audit(even).summary["median_score"] == 1.5


def test_rates_of_women_by_hand(hand: Any) -> None:
    women = group_of(hand, "sex", "女")
    assert (women["n"], women["selected"], women["scored"]) == (6, 2, 5)
    assert women["selection_rate"] == pytest.approx(1 / 3)
    assert (round(women["selection_lo"], 4), round(women["selection_hi"], 4)) == (0.0968, 0.7000)
    assert women["scoring_rate"] == 1 / 5, "ties with the median are not above it; of .9 .2 .5 .5 .1 only .9 is"
    assert women["impact_ratio"] == pytest.approx((2 / 6) / (2 / 4))
    assert women["scoring_impact_ratio"] == pytest.approx((1 / 5) / (2 / 4))
    assert women["four_fifths"] is True


def test_unknown_is_counted_by_column_and_stands_in_no_rate_of_it(hand: Any) -> None:
    assert hand.summary["unknown"] == {"sex": 1, "age_band": 2} and hand.summary["unknown_jointly"] == 3
    assert group_of(hand, "age_band", "16-24")["n"] == 7, "the row of unknown sex has an age"
    joint = hand.rates.filter(pl.col("grouping") == "sex+age_band")
    assert dict(joint.select("group", "n").iter_rows()) == {"女+16-24": 4, "女+55+": 2, "男+16-24": 2}


def test_nobody_chosen_leaves_the_ratio_empty() -> None:
    found = audit(check_decisions(table([("a", 0, 1.0), ("b", 0, 2.0)], "g", "selected", "score"), ["g"]))
    assert found.rates["impact_ratio"].null_count() == 2 and found.rates["selection_rate"].to_list() == [0.0, 0.0]
    assert found.rates["verdict"].to_list() == ["cannot_judge", "cannot_judge"] and found.rates["four_fifths"].null_count() == 2


def test_a_small_group_is_shown_but_is_not_the_reference() -> None:
    rows = [("big", int(i < 50), float(i)) for i in range(99)] + [("tiny", 1, 5.0)]
    found = audit(check_decisions(table(rows, "g", "selected", "score"), ["g"]))
    tiny, big = group_of(found, "g", "tiny"), group_of(found, "g", "big")
    assert (tiny["left_out"], big["left_out"]) == (True, False)
    assert big["impact_ratio"] == 1.0 and tiny["impact_ratio"] == pytest.approx(1 / (50 / 99)), "a ratio over 1 is possible for who is left out"


def test_exactly_two_per_cent_stays_in() -> None:
    rows = [("big", i % 2, 0.0) for i in range(98)] + [("two", 1, 0.0)] * 2
    found = audit(check_decisions(table(rows, "g", "selected", "score"), ["g"]))
    assert group_of(found, "g", "two")["left_out"] is False and group_of(found, "g", "big")["impact_ratio"] == 0.5


def test_the_share_is_of_all_rows_unknown_ones_too() -> None:
    rows = [("a", 1, 0.0), ("b", 1, 0.0)] + [(None, 0, 0.0)] * 98
    assert audit(check_decisions(table(rows, "g", "selected", "score"), ["g"])).rates["left_out"].to_list() == [True, True]


def test_no_group_may_refer_when_all_are_small() -> None:
    rows = [(f"g{i:03d}", i % 2, 0.0) for i in range(100)]
    found = audit(check_decisions(table(rows, "g", "selected", "score"), ["g"]))
    assert found.rates["impact_ratio"].null_count() == 100 and found.rates["left_out"].all()


def test_labels_stay_as_found() -> None:
    csv = "岁,selected,score\n01,1,0.5\n1,0,0.4\n 1,0,0.3\n1.0,1,\n,1,0.1\n"
    found = audit(parse_decisions(csv.encode(), ["岁"]))
    assert found.rates["group"].to_list() == [" 1", "01", "1", "1.0"] and found.summary["unknown"] == {"岁": 1}


def test_labels_that_join_to_the_same_text_stay_two_groups() -> None:
    rows = [("a+b", "c", 1, 0.0), ("a", "b+c", 0, 0.0)]
    found = audit(check_decisions(table(rows, "x", "y", "selected", "score"), ["x", "y"]))
    assert found.rates.filter(pl.col("grouping") == "x+y")["group"].to_list() == ["a+b+c", "a+b+c"]


def test_no_score_at_all_is_unknown_not_zero() -> None:
    found = audit(check_decisions(table([("a", 1, None), ("b", 0, None)], "g", "selected", "score"), ["g"]))
    assert found.summary["median_score"] is None and found.rates["scoring_rate"].null_count() == 2


def test_truth_gives_hit_rates_and_odds() -> None:
    rows = [("a", 1, 1), ("a", 1, 1), ("a", 0, 1), ("a", 1, 0), ("a", 0, 0), ("b", 1, 1), ("b", 0, 1), ("b", 0, 0), ("b", 0, 0), ("b", 1, None)]
    frame = table([(*r, 0.5) for r in rows], "g", "selected", "label", "score")
    found = audit(check_decisions(frame, ["g"]))
    errors = {r["group"]: r for r in found.errors.to_dicts()}
    assert errors["a"]["tpr"] == pytest.approx(2 / 3) and errors["a"]["fpr"] == 0.5 and errors["a"]["precision"] == pytest.approx(2 / 3)
    assert errors["b"]["tpr"] == 0.5 and errors["b"]["fpr"] == 0.0 and errors["b"]["precision"] == 1.0
    gaps = dict(found.gaps.select("measure", "value").iter_rows())
    assert gaps["equal_opportunity_difference"] == pytest.approx(2 / 3 - 1 / 2)
    assert gaps["equalised_odds_difference"] == 0.5, "the larger of the TPR and FPR ranges"
    assert found.summary["label_missing"] == 1


def test_calibration_by_group_finds_who_is_scored_too_high() -> None:
    dice = np.random.default_rng(3)
    p = dice.random(20_000)
    group = np.where(dice.random(20_000) < 0.5, "a", "b")
    label = (dice.random(20_000) < np.where(group == "a", p, p / 2)).astype(int)
    frame = pl.DataFrame({"g": group, "selected": (p > 0.5).astype(int), "score": p, "label": label})
    found = audit(check_decisions(frame, ["g"])).calibration
    assert found is not None and found.height == 20
    error = dict(found.select("group", "error").unique().iter_rows())
    assert error["a"] < 0.02 and error["b"] == pytest.approx(0.25, abs=0.02), "mean of p/2 over uniform p"
    assert found.filter(pl.col("group") == "b").select((pl.col("positive_share") < pl.col("mean_score")).all()).item()


def test_wilson_of_two_in_six_is_the_sheets() -> None:
    low, high = wilson(np.array([2, 0, 5, 0]), np.array([6, 5, 5, 0]))
    assert (round(low[0], 4), round(high[0], 4)) == (0.0968, 0.7000)
    assert low[1] == 0.0 and high[2] == 1.0 and math.isnan(low[3])


def test_log_ratio_by_hand() -> None:
    # k1=10 of 100, k2=20 of 100: centre ln(10.5/20.5), variance 1/10.5 - 1/100.5 + 1/20.5 - 1/100.5
    found = log_ratio(np.array([10]), np.array([100]), 20, 100)
    centre, se = math.log(10.5 / 20.5), math.sqrt(1 / 10.5 - 1 / 100.5 + 1 / 20.5 - 1 / 100.5)
    assert found.lo[0] == pytest.approx(math.exp(centre - 1.959964 * se)) and found.hi[0] == pytest.approx(math.exp(centre + 1.959964 * se))


VERDICTS = [
    # chosen and rows of the group, reference 500 of 1000, verdict, why
    (300, 1000, "flagged", "0.60, surely below four fifths"),
    (480, 1000, "clear", "0.96, surely above"),
    (390, 1000, "cannot_judge", "0.78, either side is possible"),
    (3, 20, "cannot_judge", "twenty rows are too few whatever they say"),
]


@pytest.mark.parametrize(("k", "n", "verdict", "why"), VERDICTS, ids=[v[-1] for v in VERDICTS])
def test_verdicts(k: int, n: int, verdict: str, why: str) -> None:
    found = compare(np.array([500, k]), np.array([1000, n]), np.array([False, False]), rows=2000)
    assert found.verdict == ["reference", verdict]
    assert (found.needed[1] is not None) == (verdict == "cannot_judge")


def test_as_many_rows_as_are_said_to_be_needed_settle_it() -> None:
    found = compare(np.array([500, 390]), np.array([1000, 1000]), np.array([False, False]), rows=2000)
    assert found.needed[1] is not None
    grown = math.ceil(found.needed[1] / 1000)
    again = compare(np.array([500, 390]) * grown, np.array([1000, 1000]) * grown, np.array([False, False]), rows=2000 * grown)
    assert again.verdict[1] == "flagged"
    less = compare(
        (np.array([500, 390]) * grown * 0.6).astype(int), (np.array([1000, 1000]) * grown * 0.6).astype(int), np.array([False, False]), rows=9
    )
    assert less.verdict[1] == "cannot_judge"


def test_the_reference_may_not_be_the_best_and_its_interval_says_so() -> None:
    close = compare(np.array([50, 49]), np.array([100, 100]), np.array([False, False]), rows=200)
    assert close.ratio_hi[0] == 1.0 and 0.6 < close.ratio_lo[0] < 1.0
    apart = compare(np.array([90, 10]), np.array([100, 100]), np.array([False, False]), rows=200)
    assert apart.ratio_lo[0] == apart.ratio_hi[0] == 1.0


def test_holm_by_hand() -> None:
    # sorted .01 .03 .04 of three: .03, .06, max(.06, .04)
    assert holm([0.01, 0.04, math.nan, 0.03])[:2] == [0.03, 0.06] and holm([0.9, 0.8]) == [1.0, 1.0]


def test_means_and_their_ratio_to_who_fares_best() -> None:
    frame = table(
        [("m", 1, None, 100.0), ("m", 0, None, 140.0), ("w", 1, None, 140.0), ("w", 0, None, 160.0), ("w", 0, None, None)],
        "g",
        "selected",
        "score",
        "wait_s",
    )
    means = audit(check_decisions(frame, ["g"], measures=[Measure("wait_s", is_low_good=True)])).means
    assert means is not None
    men, women = means.sort("group").to_dicts()
    assert (men["mean"], women["mean"], women["n"]) == (120.0, 150.0, 2)
    assert women["ratio"] == 1.25 and men["reference"] and men["ratio"] == 1.0
    se = math.sqrt(100 / 150**2 + 400 / 120**2)  # variances 800 and 200, halved
    assert women["ratio_hi"] == pytest.approx(1.25 * math.exp(1.959964 * se))
    high = audit(check_decisions(frame, ["g"], measures=[Measure("wait_s")])).means
    assert high is not None and high.filter(pl.col("reference"))["group"].to_list() == ["w"], "where more is better, the largest mean refers"


def test_rows_of_one_person_count_less_than_rows_of_many() -> None:
    rows = [("a", int(person < 20), 0.0, f"p{person}") for person in range(50) for _ in range(20)]
    rows += [("b", int(person < 30), 0.0, f"q{person}") for person in range(50) for _ in range(20)]
    frame = table(rows, "g", "selected", "score", "worker")
    alone = group_of(audit(check_decisions(frame, ["g"])), "g", "a")
    together = group_of(audit(check_decisions(frame, ["g"], cluster="worker")), "g", "a")
    fifty = wilson(np.array([20]), np.array([50]))
    assert together["selection_rate"] == alone["selection_rate"] == 0.4
    assert together["selection_hi"] - together["selection_lo"] > 4 * (alone["selection_hi"] - alone["selection_lo"])
    assert together["selection_lo"] == pytest.approx(fifty[0][0], abs=0.005), "a thousand rows of fifty people who always get the same are fifty"


BAD = [
    ("sex,selected,score\n女,2,0.5\n", ["sex"], "E_AUDIT_CELL", "selected", 2, "an outcome that is neither 0 nor 1"),
    ("sex,selected,score\n女,1,0.5\n男,,0.5\n", ["sex"], "E_AUDIT_CELL", "selected", 3, "an outcome that is missing"),
    ("sex,selected,score\n女,yes,0.5\n", ["sex"], "E_AUDIT_CELL", "selected", 2, "a word for an outcome"),
    ("sex,selected,score\n女,1,good\n", ["sex"], "E_AUDIT_CELL", "score", 2, "a word for a score"),
    ("sex,selected,score,label\n女,1,0.5,3\n", ["sex"], "E_AUDIT_CELL", "label", 2, "a truth that is neither 0 nor 1"),
    ("sex,score\n女,0.5\n", ["sex"], "E_AUDIT_COLUMN", "selected", 1, "no outcome"),
    ("sex,selected\n女,1\n", ["sex"], "E_AUDIT_COLUMN", "score", 1, "no score"),
    ("sex,selected,score\n女,1,0.5\n", ["sexe"], "E_AUDIT_COLUMN", "sexe", 1, "no such group"),
]


@pytest.mark.parametrize(("text", "groups", "code", "column", "row", "why"), BAD, ids=[b[-1] for b in BAD])
def test_bad_input_names_column_and_row(text: str, groups: list[str], code: str, column: str, row: int, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_decisions(text.encode(), groups)
    assert refused.value.code == code
    assert (refused.value.places[0].column, refused.value.places[0].row) == (column, row)


@pytest.mark.parametrize("groups", [[], [""], ["g", "g"], ["selected"]])
def test_groups_that_make_no_sense_are_refused(groups: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        parse_decisions(b"g,selected,score\na,1,1\n", groups)
    assert refused.value.code == "E_AUDIT_GROUPS"


@pytest.mark.parametrize("data", [b"", b"g,selected,score\n", b"g,selected,score\n\xff\xfe,1,2\n", b"g,selected,score\na,1,2,3,4\n"])
def test_files_that_cannot_be_a_table_are_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes(data)
    with pytest.raises(BadInput):
        read_decisions(file, ["g"])


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    frame = table(HAND, "sex", "age_band", "selected", "score")
    frame.write_csv(tmp_path / "d.csv")
    frame.write_parquet(tmp_path / "d.parquet")
    found = [audit(read_decisions(tmp_path / f"d.{e}", ["sex", "age_band"])).rates for e in ("csv", "parquet")]
    assert found[0].equals(found[1])


def test_parquet_types_that_people_have(tmp_path: Path) -> None:
    frame = pl.DataFrame({"g": [1, None, 2], "h": [float("nan"), 1.5, 1.5], "c": pl.Series(["x", "y", ""], dtype=pl.Categorical),
                          "selected": [True, False, True],
                          "score": [1, 2, None]})  # fmt: skip
    frame.write_parquet(tmp_path / "d.parquet")
    found = audit(read_decisions(tmp_path / "d.parquet", ["g", "h", "c"]))
    assert found.summary["unknown"] == {"g": 1, "h": 1, "c": 1}
    assert found.rates.filter(pl.col("grouping") == "g")["group"].to_list() == ["1", "2"]


def test_equal_seeds_draw_equal_intervals(hand: Any) -> None:
    table_ = check_decisions(table(HAND * 20, "sex", "age_band", "selected", "score"), ["sex", "age_band"])
    one, two, other = (audit(table_, draws=200, seed=s).rates for s in (1, 1, 2))
    assert one.equals(two) and not one.equals(other)


def test_files_are_whole_and_numbers_survive_them(tmp_path: Path, hand: Any) -> None:
    hashes = write_audit(hand, tmp_path / "out", source={"file": "d.csv"})
    again = pl.read_csv(tmp_path / "out" / "rates.csv")
    assert again["selection_rate"].to_list() == hand.rates["selection_rate"].to_list(), "to the last bit"
    assert set(hashes) == {"rates.csv", "gaps.csv", "audit.json"}
    assert (tmp_path / "out" / "rates.csv").read_text().splitlines()[1].split(",")[17] in ("true", "false")
