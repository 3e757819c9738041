"""Money, months, periods, reasons, clocks and ids: answer tables worked by hand."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from leye.kernel.clock import BEIJING, beijing_day, clock_from_environment, fixed_clock, system_clock
from leye.kernel.errors import BadInput
from leye.kernel.ids import city_id, content_id, run_id, uuid7
from leye.kernel.money import fen_from_yuan, yuan_text
from leye.kernel.period import Month, Period, Quarter
from leye.kernel.reason import Reason
from leye.kernel.unknown import UNKNOWN, k_all, k_any, k_at_least, k_not


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [("12.345", 1235), ("12.344", 1234), ("-0.005", -1), (3, 300), (Decimal("0.1"), 10), ("1e3", 100_000), ("0", 0)],
    ids=["half up", "below half", "half away from zero", "integer", "decimal", "exponent", "zero"],
)
def test_fen(yuan: str | int | Decimal, fen: int) -> None:
    assert fen_from_yuan(yuan) == fen


@pytest.mark.parametrize("text", ["", "五元", "1,000", "NaN", "Infinity", "12.3.4"])
def test_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        fen_from_yuan(text)


@pytest.mark.parametrize(("fen", "text"), [(0, "0"), (5, "0.05"), (-5, "-0.05"), (100, "1"), (123_456_789, "1,234,567.89"), (-100_000, "-1,000")])
def test_yuan_text(fen: int, text: str) -> None:
    assert yuan_text(fen) == text


def test_months_count_over_years() -> None:
    assert Month(2024, 1) + 12 == Month(2025, 1)
    assert Month(2024, 1) + -1 == Month(2023, 12)
    assert Month(2025, 3) - Month(2023, 12) == 15
    assert (Month(2024, 2).first, Month(2024, 2).last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (str(Month(2024, 2)), Month(2024, 2).zh) == ("2024-02", "2024年2月")
    assert Month.of(date(2024, 2, 29)) == Month.parse("2024-02")
    assert Month(2023, 12) < Month(2024, 1)


@pytest.mark.parametrize("text", ["2024-2", "2024-13", "24-02", "2024-02-01", "2024年2月", ""])
def test_months_are_strict(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_quarters() -> None:
    assert Quarter.of(date(2024, 3, 31)) == Quarter(2024, 1) and Quarter.of(date(2024, 4, 1)) == Quarter(2024, 2)
    assert Quarter(2024, 4).months == (Month(2024, 10), Month(2024, 11), Month(2024, 12))
    assert Quarter(2024, 1).period == Period(date(2024, 1, 1), date(2024, 3, 31), "quarter")
    assert str(Quarter(2024, 4)) == "2024Q4"
    with pytest.raises(ValueError):
        Quarter(2024, 5)


def test_periods_refuse_what_cannot_be() -> None:
    assert Period.cumulative(2024, 8) == Period(date(2024, 1, 1), date(2024, 8, 31), "cumulative")
    assert Period.cumulative(2023, 2).days == 59
    for start, end, kind in [
        (date(2024, 2, 1), date(2024, 1, 1), "range"),
        (date(2024, 1, 1), date(2024, 1, 31), "fortnight"),
        (date(2024, 2, 1), date(2024, 8, 31), "cumulative"),
        (date(2024, 1, 1), date(2024, 8, 30), "cumulative"),
        (date(2023, 1, 1), date(2024, 8, 31), "cumulative"),
    ]:
        with pytest.raises(ValueError):
            Period(start, end, kind)  # type: ignore[arg-type]


def test_a_reason_rests_on_something() -> None:
    assert Reason("因为", "because", "就业促进法第五条").code == ""
    for zh, en, basis in [("", "b", "c"), ("a", "", "c"), ("a", "b", "")]:
        with pytest.raises(ValueError):
            Reason(zh, en, basis)


def test_the_beijing_day_changes_at_sixteen_hours_utc() -> None:
    assert beijing_day(datetime(2025, 8, 31, 15, 59, tzinfo=UTC)) == date(2025, 8, 31)
    assert beijing_day(datetime(2025, 8, 31, 16, 0, tzinfo=UTC)) == date(2025, 9, 1)


def test_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2025, 8, 31, 8, tzinfo=BEIJING)
    assert fixed_clock(at)() == at
    with pytest.raises(ValueError, match="zone"):
        fixed_clock(datetime(2025, 8, 31))
    monkeypatch.delenv("LEYE_NOW", raising=False)
    assert clock_from_environment() is system_clock
    assert system_clock().utcoffset() == timedelta(0)
    monkeypatch.setenv("LEYE_NOW", "2025-08-31T08:00:00")
    assert clock_from_environment()() == at
    monkeypatch.setenv("LEYE_NOW", "2025-08-31T00:00:00+00:00")
    assert clock_from_environment()() == at
    monkeypatch.setenv("LEYE_NOW", "昨天")
    with pytest.raises(BadInput, match="昨天"):
        clock_from_environment()


def test_city_ids() -> None:
    assert (city_id("person", 12), city_id("order", 0)) == ("P00000012", "O00000000")
    for bad in (-1, 100_000_000):
        with pytest.raises(ValueError):
            city_id("person", bad)
    with pytest.raises(KeyError):
        city_id("dragon", 1)


def test_run_ids_are_utc_and_depend_on_the_nonce() -> None:
    at = datetime(2025, 8, 31, 8, tzinfo=BEIJING)
    assert run_id(at, "a").startswith("20250831T000000-") and len(run_id(at, "a")) == 24
    assert run_id(at, "a") != run_id(at, "b")
    assert run_id(at, "a") == run_id(at.astimezone(timezone(timedelta(hours=-5))), "a")


def test_uuid7_carries_version_variant_and_time() -> None:
    at = datetime(2025, 8, 31, tzinfo=UTC)
    one, two = uuid7(at, random.Random(1)), uuid7(at + timedelta(milliseconds=1), random.Random(2))
    assert one.version == 7 and one.variant == "specified in RFC 4122"
    assert one.int >> 80 == int(at.timestamp() * 1000)
    assert one < two and one == uuid7(at, random.Random(1))


def test_content_ids_know_parts_from_their_joining() -> None:
    assert content_id(["a", "bc"]) != content_id(["ab", "c"])
    assert content_id(["a", None]) != content_id(["a", "None"])
    assert content_id([1]) != content_id(["1"])
    assert len(content_id([])) == 32


ALL = [([], True), ([True], True), ([True, None], None), ([None, False], False), ([True, True], True), ([None], None)]
ANY = [([], False), ([False], False), ([False, None], None), ([None, True], True), ([None], None)]


@pytest.mark.parametrize(("values", "truth"), ALL)
def test_all(values: list[bool | None], truth: bool | None) -> None:
    assert k_all(values) is truth


@pytest.mark.parametrize(("values", "truth"), ANY)
def test_any(values: list[bool | None], truth: bool | None) -> None:
    assert k_any(values) is truth


@pytest.mark.parametrize(
    ("n", "values", "truth"),
    [(2, [True, True, None], True), (2, [True, None], None), (2, [True, False], False), (0, [], True), (1, [], False), (3, [None, None], False)],
)
def test_at_least(n: int, values: list[bool | None], truth: bool | None) -> None:
    assert k_at_least(n, values) is truth


def test_not_unknown_is_unknown() -> None:
    assert (k_not(True), k_not(False), k_not(UNKNOWN)) == (False, True, None)
