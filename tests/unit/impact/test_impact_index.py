"""Index, decomposition, composition and adoption, worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from leye.impact.adoption import Adoption, Assumed, shipped_adoption
from leye.impact.ai_ads import names_ai, wilson
from leye.impact.composition import composition
from leye.impact.decomposition import Factors, decompose
from leye.impact.index import Month, change_between, index_of
from leye.impact.profile import Profile, profile
from leye.impact.ranged import ranged
from leye.kernel.codes import industries
from leye.kernel.errors import BadInput

A = "all"
START, END = date(2024, 1, 1), date(2025, 1, 1)


def factors(*cells: tuple[float, float, float]) -> Factors:
    return Factors(*(np.array(column) for column in zip(*cells, strict=True)))


# before, after, (structure, exposure, adoption)
SPLITS = [
    ([(1.0, 0.5, 0.2)], [(1.0, 0.5, 0.4)], (0.0, 0.0, 0.1), "one trade, twice the adoption"),
    ([(1.0, 0.5, 0.2)], [(1.0, 0.7, 0.2)], (0.0, 0.04, 0.0), "one trade, a new finding"),
    ([(0.5, 1.0, 1.0), (0.5, 0.0, 1.0)], [(0.75, 1.0, 1.0), (0.25, 0.0, 1.0)], (0.25, 0.0, 0.0), "people move to the exposed trade"),
    # Δw=.2: (e0a0+e1a1)/3+(e0a1+e1a0)/6 = (.02+.12)/3+(.06+.04)/6 = .19/3; the others alike by hand
    ([(1.0, 0.1, 0.2), (0.0, 0.0, 0.0)], [(1.0, 0.3, 0.4), (0.0, 0.0, 0.0)], (0.0, 0.06, 0.04), "two factors share what they do together"),
]


@pytest.mark.parametrize(("before", "after", "effects", "why"), SPLITS, ids=[s[-1] for s in SPLITS])
def test_decomposition_answers(before, after, effects, why):
    found = decompose(factors(*before), factors(*after))
    assert (found.structure, found.exposure, found.adoption) == pytest.approx(effects, abs=1e-15)


def test_cells_must_agree():
    with pytest.raises(ValueError, match="same cells"):
        decompose(factors((1, 1, 1)), factors((0.5, 1, 1), (0.5, 1, 1)))
    with pytest.raises(ValueError, match="same cells"):
        Factors(np.ones(2), np.ones(1), np.ones(2))


SHOWN = {
    (A, A, A, A): 100, (A, "C", A, A): 60, (A, "I", A, A): 40, (A, "C", "6000000", A): 60, (A, "I", "2000000", A): 30, (A, "I", "4000000", A): 10,
    ("1", A, A, A): 50, ("1", "C", A, A): 20, ("1", "C", "6000000", A): 20,
}  # fmt: skip


def test_shown_parts_count_and_the_hidden_rest_is_spread_like_the_city():
    whole = composition(SHOWN, (A, A, A, A))
    assert whole.shares == {("C", "6000000"): 0.6, ("I", "2000000"): 0.3, ("I", "4000000"): 0.1}
    assert whole.spread == 0
    district = composition(SHOWN, ("1", A, A, A))
    assert district.spread == 0.6
    assert district.shares == pytest.approx({("C", "6000000"): 0.4 + 0.36, ("I", "2000000"): 0.18, ("I", "4000000"): 0.06})


def test_a_shown_section_with_hidden_groups_is_spread_like_that_section():
    shown = {**SHOWN, ("2", A, A, A): 30, ("2", "I", A, A): 30}
    assert composition(shown, ("2", A, A, A)).shares == pytest.approx({("I", "2000000"): 0.75, ("I", "4000000"): 0.25})


def test_a_hidden_cell_has_no_composition():
    assert composition(SHOWN, ("9", A, A, A)) is None
    assert composition({}, (A, A, A, A)) is None


def two_trades() -> Profile:
    return Profile({
        ("C", "6000000"): {"ilo": 0.2, "gpts": 0.3, "aioe": 0.1}, ("I", "2000000"): {"ilo": 0.9, "gpts": 0.8, "aioe": 1.0},
        (A, "4000000"): {"ilo": 0.5, "gpts": 0.5, "aioe": 0.5},
    })  # fmt: skip


def used() -> Adoption:
    return Adoption({"C": ((START, Assumed(0.1, 0.2, 0.4)),), "I": ((START, Assumed(0.25, 0.5, 1.0)),)})


def test_index_answers():
    found = index_of(composition(SHOWN, (A, A, A, A)), two_trades(), used(), START)
    assert found.exposure.by_source == pytest.approx({"ilo": 0.12 + 0.27 + 0.05, "gpts": 0.18 + 0.24 + 0.05, "aioe": 0.06 + 0.3 + 0.05})
    assert found.index.by_source["ilo"] == pytest.approx(0.12 * 0.2 + 0.32 * 0.5)
    assert found.index.low == pytest.approx(min(0.12 * 0.1 + 0.32 * 0.25, 0.18 * 0.1 + 0.29 * 0.25, 0.06 * 0.1 + 0.35 * 0.25))
    assert found.index.high == pytest.approx(max(0.12 * 0.4 + 0.32, 0.18 * 0.4 + 0.29, 0.06 * 0.4 + 0.35))
    assert found.covered == 1


def test_a_trade_that_a_source_does_not_know_is_left_out_and_told():
    thin = Profile({**two_trades().by, ("C", "6000000"): {"ilo": 0.2}})
    found = index_of(composition(SHOWN, (A, A, A, A)), thin, used(), START)
    assert found.covered == pytest.approx(0.4)
    assert found.exposure.by_source["ilo"] == pytest.approx((0.27 + 0.05) / 0.4)
    assert index_of(composition(SHOWN, (A, A, A, A)), Profile({}), used(), START) is None


def test_a_change_splits_and_its_middles_add_up():
    later = Adoption({s: (*rows, (END, Assumed(0.2, 0.4, 0.8))) for s, rows in used().rows.items()})
    inside = {"C": {"6000000": 1.0}, "I": {"2000000": 0.75, "4000000": 0.25}}
    one, two = Month(START, {"C": 60, "I": 40}, 110, two_trades()), Month(END, {"C": 50, "I": 60}, 110, two_trades())
    found = change_between(one, two, inside, later)
    assert found.covered == pytest.approx(100 / 110)
    assert sum(e.mid for e in found.effects.values()) == pytest.approx(found.after.mid - found.before.mid, abs=1e-12)
    assert found.effects["exposure"].mid == 0
    assert found.effects["structure"].mid > 0
    assert change_between(one, Month(END, {"Q": 3}, 3, two_trades()), inside, later) is None


def test_adoption_between_two_days_and_outside():
    table = Adoption({"C": ((START, Assumed(0.0, 0.1, 0.2)), (END, Assumed(0.2, 0.3, 0.4)))})
    assert table.at("C", date(2020, 1, 1)) == Assumed(0.0, 0.1, 0.2)
    assert table.at("C", date(2030, 1, 1)) == Assumed(0.2, 0.3, 0.4)
    assert table.at("C", date(2024, 7, 2)).mid == pytest.approx(0.2)  # 183 of 366 days
    assert table.at("Z", START) is None
    replaced = table.replaced([("C", END, Assumed(0.5, 0.6, 0.7)), ("Z", START, Assumed(0.1, 0.1, 0.1))])
    assert replaced.at("C", END).mid == 0.6
    assert replaced.at("Z", END).mid == 0.1


def test_an_assumption_out_of_order_is_refused():
    with pytest.raises(BadInput, match="E_ADOPTION"):
        Assumed(0.3, 0.2, 0.4)
    with pytest.raises(BadInput, match="E_ADOPTION"):
        Assumed(0.1, 0.2, 1.4)


def test_every_section_has_a_shipped_assumption():
    sections = {i.code for i in industries().values() if len(i.code) == 1}
    assert set(shipped_adoption().rows) == sections


def test_profile_of_a_mix_and_of_nothing():
    found = profile({("C", "6000000"): {"6290101": 0.5, "3010205": 0.5}, ("C", "4000000"): {"9999999": 1.0}}, date(2025, 8, 1))
    assert found.of("C", "6000000")["ilo"] == pytest.approx((0.0141 + 0.9965) / 2, abs=2e-4)
    assert found.of("C", "4000000") == found.of("all", "4000000") != {}
    assert found.of("C", "7000000") == {}


def test_range_over_sources_and_assumptions():
    found = ranged({("a", "low"): 1.0, ("a", "mid"): 2.0, ("a", "high"): 3.0, ("b", "mid"): 4.0})
    assert (found.low, found.mid, found.high, found.by_source) == (1.0, 3.0, 4.0, {"a": 2.0, "b": 4.0})


ADS = [
    ("会用AI写文案", True, "a Latin word between Chinese ones"),
    ("熟悉ChatGPT-4优先", True, "with a version"), ("懂大模型微调", True, "a Chinese word"),
    ("MAIL 与 CHAIR 管理", False, "inside other words"),
    ("智能制造设备操作", False, "a trade, no tool"), ("AIGC", True, "alone"), ("", False, "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "why"), ADS, ids=[a[-1] for a in ADS])
def test_adverts_that_name_ai(text, said, why):
    assert names_ai(text) is said


def test_interval_of_a_share():
    assert wilson(0, 0) is None
    low, high = wilson(5, 50)
    assert (round(low, 4), round(high, 4)) == (0.0435, 0.2136)  # Wilson's own formula by hand
    assert wilson(0, 10)[0] == 0
