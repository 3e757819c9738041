"""k-anonymity and l-diversity, by hand."""

from __future__ import annotations

import math

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.trust.privacy.anonymity import STAR, check_anonymity, differences, suppressed


def people(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"region": pl.String, "sex": pl.String, "illness": pl.String}, orient="row")


NAN_HAI = [("440605", "F", i) for i in ("flu", "flu", "burn", "burn", "cut")]  # five, three illnesses
SHUN_DE = [("440606", "M", "flu")] * 5  # five, one illness
ALONE = [("440606", "F", "cancer")]
FEW = [(None, "F", "flu"), (None, "F", "burn")]


def test_a_table_that_may_leave() -> None:
    found = check_anonymity(people(*NAN_HAI), ["region", "sex"], ["illness"], k=5, ell=3)
    assert found.ok
    assert (found.rows, found.classes, found.smallest, found.suppress, found.rows_to_suppress) == (5, 1, 5, (), 0)
    d = found.diversity[0]
    assert d.least_distinct == 3
    assert d.least_effective == pytest.approx(math.exp(-2 * 0.4 * math.log(0.4) - 0.2 * math.log(0.2)))


ANSWERS = [
    # rows, sensitive, k, ell, entropy, rows at risk, why
    ([*NAN_HAI, *SHUN_DE], [], 5, 1, False, 0, "both classes have five"),
    ([*NAN_HAI, *SHUN_DE], [], 6, 1, False, 10, "neither has six"),
    ([*NAN_HAI, *ALONE], [], 2, 1, False, 1, "one woman alone"),
    ([*NAN_HAI, *SHUN_DE], ["illness"], 5, 2, False, 5, "everybody in one class is ill of the same"),
    (NAN_HAI, ["illness"], 5, 3, True, 5, "three distinct, but only 2.87 effective"),
    ([("a", "F", "x"), ("a", "F", "y")], ["illness"], 2, 2, True, 0, "two even values are two effective, for all rounding"),
    *[([("a", "F", str(i)) for i in range(m)], ["illness"], 2, m, True, 0, f"{m} even values are {m} effective") for m in range(3, 12)],
    (FEW, [], 3, 1, False, 2, "an unknown region is a class of its own"),
    ([("a", "F", None)] * 3, ["illness"], 3, 2, False, 0, "nothing is known, nothing follows"),
    ([("a", "F", None), ("a", "F", None), ("a", "F", "x")], ["illness"], 3, 2, False, 3, "an unknown value protects nobody"),
    ([], [], 5, 1, False, 0, "an empty table tells nothing"),
]


@pytest.mark.parametrize(("rows", "sensitive", "k", "ell", "entropy", "risk", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_answers(rows: list[tuple[object, ...]], sensitive: list[str], k: int, ell: int, entropy: bool, risk: int, why: str) -> None:
    found = check_anonymity(people(*rows), ["region", "sex"], sensitive, k=k, ell=ell, is_entropy=entropy)
    assert (found.rows_at_risk, found.ok) == (risk, risk == 0)


def test_what_to_suppress_covers_what_the_total_would_give_away() -> None:
    table = people(*NAN_HAI, *SHUN_DE, *SHUN_DE, *ALONE)
    found = check_anonymity(table, ["region", "sex"], k=5)
    assert found.rows_at_risk == 1
    assert [(r["region"], r["sex"], r["rows"]) for r in found.suppress] == [("440606", "F", 1), ("440605", "F", 5)], (
        "the smallest sound class goes too"
    )
    assert found.rows_to_suppress == 6


def test_which_column_to_leave_out() -> None:
    table = people(*NAN_HAI, *SHUN_DE, *ALONE)
    assert [(g.without, g.rows_at_risk) for g in check_anonymity(table, ["region", "sex"], k=5).generalise] == [("region", 0), ("sex", 0)]
    lone = people(*[("a", "F", "x")] * 4, *[("b", "M", "x")] * 6)
    assert [(g.without, g.rows_at_risk) for g in check_anonymity(lone, ["region", "sex"], k=5).generalise] == [("region", 4), ("sex", 4)]


def test_suppression_loses_no_row_and_passes_the_check() -> None:
    table = people(*NAN_HAI, *SHUN_DE, *SHUN_DE, *ALONE)
    safe = suppressed(table, ["region", "sex"], k=5)
    assert safe.height == table.height
    assert safe["illness"].to_list() == table["illness"].to_list(), "order and other columns stay"
    assert check_anonymity(safe, ["region", "sex"], k=5).ok
    assert safe.filter(pl.col("region") == STAR).height == 6
    assert suppressed(people(*NAN_HAI), ["region", "sex"], k=5).equals(people(*NAN_HAI))


def test_suppressed_rows_that_are_too_uniform_lose_their_sensitive_value() -> None:
    table = people(*NAN_HAI, *SHUN_DE)
    safe = suppressed(table, ["region", "sex"], ["illness"], k=5, ell=2)
    starred = safe.filter(pl.col("region") == STAR)
    assert starred.height == 5
    assert set(starred["illness"]) == {STAR}


def test_an_unknown_region_is_suppressed_too() -> None:
    safe = suppressed(people(*NAN_HAI, *NAN_HAI, *FEW), ["region", "sex"], k=5)
    assert safe["region"].null_count() == 0
    assert check_anonymity(safe, ["region", "sex"], k=5).ok


def test_two_tables_that_differ_by_few_give_those_few_away() -> None:
    before, after = people(*NAN_HAI, *SHUN_DE), people(*NAN_HAI, *SHUN_DE[:4], *ALONE, *FEW)
    found = differences(before, after, ["region", "sex"], k=5)
    assert found.rows() == [("440606", "F", 0, 1), ("440606", "M", 5, 4), (None, "F", 0, 2)]
    assert differences(before, before, ["region", "sex"]).height == 0
    assert differences(people(*NAN_HAI), people(*NAN_HAI, *NAN_HAI), ["region"], k=5).height == 0, "five is not few"


BAD = [
    (["region", "age"], [], 5, 1, "unknown column"),
    ([], [], 5, 1, "no quasi-identifier"),
    (["region", "region"], [], 5, 1, "twice"),
    (["region"], ["region"], 5, 2, "both"),
    (["region"], [], 0, 1, "k of none"),
    (["region"], ["illness"], 5, 0, "l of none"),
    (["region"], [], 5, 2, "l without a sensitive column"),
]


@pytest.mark.parametrize(("quasi", "sensitive", "k", "ell", "why"), BAD, ids=[b[-1] for b in BAD])
def test_bad_questions(quasi: list[str], sensitive: list[str], k: int, ell: int, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_anonymity(people(*NAN_HAI), quasi, sensitive, k=k, ell=ell)
    assert refused.value.code == "E_ANONYMITY" and refused.value.remedy_zh and refused.value.remedy_en
