"""What holds for every month, amount, truth value and id."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leye.kernel import codes
from leye.kernel.ids import content_id, uuid7
from leye.kernel.money import fen_from_yuan, yuan_text
from leye.kernel.period import Month, Period, Quarter
from leye.kernel.unknown import k_all, k_any, k_at_least, k_not

_truths = st.lists(st.sampled_from([True, False, None]), max_size=6)
_months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


def worlds(values: list[bool | None]) -> list[list[bool]]:
    """Every way the unknown values may turn out."""
    return [list(w) for w in itertools.product(*([v] if v is not None else [True, False] for v in values))]


def verdict(outcomes: set[bool]) -> bool | None:
    return outcomes.pop() if len(outcomes) == 1 else None


@given(_truths, st.integers(0, 7))
def test_three_valued_logic_is_what_all_worlds_agree_on(values: list[bool | None], n: int) -> None:
    assert k_all(values) is verdict({all(w) for w in worlds(values)})
    assert k_any(values) is verdict({any(w) for w in worlds(values)})
    assert k_at_least(n, values) is verdict({sum(w) >= n for w in worlds(values)})
    assert k_not(k_all(values)) is k_any(k_not(v) for v in values)


@given(_months, st.integers(-600, 600))
def test_months_add_and_subtract(month: Month, n: int) -> None:
    moved = month + n
    assert moved - month == n and moved + -n == month
    assert (moved > month) == (n > 0)
    assert Month.parse(str(month)) == month
    assert (month + 1).first - month.last == timedelta(days=1)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_its_month_and_quarter(day: date) -> None:
    for period in (Month.of(day).period, Quarter.of(day).period, Period.cumulative(day.year, day.month)):
        assert period.start <= day <= period.end
        assert period.days == (period.end - period.start).days + 1


@given(st.integers(-(10**15), 10**15))
def test_fen_and_yuan_text_round_trip(fen: int) -> None:
    assert fen_from_yuan(yuan_text(fen).replace(",", "")) == fen


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_rounding_to_fen_keeps_order_and_stays_within_half_a_fen(a: Decimal, b: Decimal) -> None:
    assert abs(Decimal(fen_from_yuan(a)) - a * 100) <= Decimal("0.5")
    if a <= b:
        assert fen_from_yuan(a) <= fen_from_yuan(b)


@given(st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none())), st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none())))
def test_content_ids_are_equal_exactly_for_equal_content(a: list[object], b: list[object]) -> None:
    assert (content_id(a) == content_id(b)) == (a == b)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 10**9), st.integers())
def test_uuid7_sorts_by_time(at: datetime, later_ms: int, seed: int) -> None:
    dice = random.Random(seed)
    assert uuid7(at, dice) < uuid7(at + timedelta(milliseconds=later_ms), dice)


@given(st.sampled_from(codes.region_spells()), st.integers(1981, 2026), st.integers(1, 12))
def test_a_spell_is_listed_in_one_stretch(spell: codes.RegionSpell, year: int, month: int) -> None:
    text = f"{year}-{month:02d}"
    assert spell.is_listed_in(text) == (spell.first_month <= text <= spell.last_month)
    if spell.seen_from and not spell.valid_from:
        assert spell.is_listed_in(spell.seen_from)
    if not spell.valid_to:
        assert spell.is_listed_in(spell.seen_to)
