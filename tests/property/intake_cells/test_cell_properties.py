"""What holds for every cell: no text breaks a parser, width and blanks change nothing, and what we write we read."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leye.intake import Ok, parse
from leye.intake.cells.dispatch import KINDS, cell_parser
from leye.intake.cells.numerals import chinese, figure, mixed
from leye.intake.cells.org_id import _USCC, org_code_check, uscc_check
from leye.intake.cells.outcome import as_dict
from leye.intake.cells.person_id import check_character
from leye.kernel.codes import current_regions, industries, occupations
from leye.kernel.period import Month

_ALPHABET = (
    "0123456789.,-~()（）年月日号季度旬周上下半第末底截至到万千百十亿元人户%‰成倍一二三四五两零〇试用期转正底薪提成"
    "/·×kKwW*:：T#市区县省州前去今本Q1H2▲①“”X约余"
)
_cells = st.one_of(st.text(max_size=40), st.text(_ALPHABET, max_size=16))
_PARSERS = [cell_parser(kind, period=p, home=h) for kind in KINDS for p, h in ((None, None), ("2022-08", "210100"))]


@settings(max_examples=400, deadline=None)
@given(_cells)
def test_no_text_breaks_a_parser(raw: str) -> None:
    for parser in _PARSERS:
        outcome = as_dict(parser(raw))
        json.dumps(outcome, allow_nan=False)
        assert (outcome["value"] is not None) == (outcome["status"] == "ok")
        assert outcome["status"] == "ok" or outcome["code"]


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


@settings(max_examples=300, deadline=None)
@given(st.text(_ALPHABET.translate({ord("*"): None}), max_size=14))
def test_full_width_reads_like_half_width(raw: str) -> None:
    for kind in KINDS:
        a, b = parse(kind, raw), parse(kind, wide(raw))
        assert (a.status, a.code, getattr(a, "value", None)) == (b.status, b.code, getattr(b, "value", None))


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1))
def test_integers_written_in_any_usual_way_come_back(n: int) -> None:
    for text in (str(n), f"{n:,}", f"{n:,}".replace(",", "，"), f"{n:,}".replace(",", " "), f" {n}人 ", f"共{n}"[1:]):
        outcome = parse("number", text)
        assert isinstance(outcome, Ok) and outcome.value["value"] == n, text
    negative = parse("number", f"-{n}")
    assert isinstance(negative, Ok) and negative.value["value"] == -n


def written(n: int) -> str:
    """Chinese numeral of 0 <= n < 10^12, the slow obvious way."""
    if n == 0:
        return "零"
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    groups: list[int] = []
    rest = n
    while rest:
        groups.append(rest % 10_000)
        rest //= 10_000
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        part, gap = "", False
        for power in (3, 2, 1, 0):
            digit = group // 10**power % 10
            if digit:
                part += ("零" if gap and part else "") + digits[digit] + units[power]
                gap = False
            else:
                gap = True
        if text and (group < 1000 or (place + 1 < len(groups) and groups[place + 1] == 0)) and not text.endswith("零"):
            text += "零"
        text += part + ("", "万", "亿")[place]
    return text


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_round_trip(n: int) -> None:
    assert chinese(written(n)) == n


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([("百", 100), ("千", 1000), ("万", 10_000)]))
def test_the_colloquial_last_digit_stands_one_place_lower(a: int, b: int, unit: tuple[str, int]) -> None:
    digits = "零一二三四五六七八九"
    wanted = a * unit[1] + b * unit[1] // 10
    assert figure(f"{digits[a]}{unit[0]}{digits[b]}") == wanted
    assert mixed(f"{a}{unit[0]}{b}") == wanted


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_a_falling_word_is_the_negative_of_a_rising_one(share: object) -> None:
    up, down = parse("number", f"上升{share}%"), parse("number", f"下降{share}%")
    assert isinstance(up, Ok) and isinstance(down, Ok)
    assert up.value["value"] == -down.value["value"]


_days = st.dates(date(1970, 1, 1), date(2069, 12, 31))


@settings(deadline=None)
@given(_days)
def test_a_day_in_any_usual_form_comes_back(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    forms = [f"{day}", f"{y}/{m}/{d}", f"{y}.{m:02d}.{d:02d}", f"{day:%Y%m%d}", f"{y}年{m}月{d}日", f"{y % 100:02d}年{m}月{d}号", f"{day} 14:30"]
    if 30_000 <= (day - date(1899, 12, 30)).days <= 60_000:
        forms.append(str((day - date(1899, 12, 30)).days))
    for text in forms:
        outcome = parse("period", text)
        assert isinstance(outcome, Ok) and outcome.value == {"start": f"{day}", "end": f"{day}", "kind": "day"}, text


@settings(deadline=None)
@given(_days)
def test_a_month_in_any_usual_form_comes_back(day: date) -> None:
    month = Month.of(day)
    y, m = month.year, month.month
    wanted = {"start": f"{month.first}", "end": f"{month.last}", "kind": "month"}
    for text in (
        f"{month}",
        f"{y}年{m}月",
        f"{y}年{m:02d}月份",
        f"{y}{m:02d}",
        f"{y}/{m}",
        f"{m}/{y}",
        f"{y % 100:02d}年{m}月",
        f"{day:%b}-{y % 100:02d}",
    ):
        outcome = parse("period", text)
        assert isinstance(outcome, Ok) and outcome.value == wanted, text
    relative = parse("period", "上月", period=month + 1)
    assert isinstance(relative, Ok) and relative.value == wanted


@settings(deadline=None)
@given(_days, st.integers(1, 12))
def test_january_to_n_is_cumulative_and_other_spans_are_ranges(day: date, last: int) -> None:
    first = day.month
    outcome = parse("period", f"{day.year}年{first}-{last}月")
    if last < first:
        assert outcome.code == "E_PERIOD_INVALID"
        return
    assert isinstance(outcome, Ok)
    assert outcome.value["kind"] == ("cumulative" if first == 1 else "range")
    assert outcome.value["start"] == f"{Month(day.year, first).first}" and outcome.value["end"] == f"{Month(day.year, last).last}"


@given(_days, st.integers(1, 400))
def test_a_stretch_of_days_keeps_both_ends(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    outcome = parse("period", f"{start:%Y.%m.%d}-{end:%Y.%m.%d}")
    assert isinstance(outcome, Ok)
    assert (outcome.value["start"], outcome.value["end"], outcome.value["kind"]) == (f"{start}", f"{end}", "range")


@given(st.integers(10, 990), st.integers(1, 90))
def test_pay_in_yuan_thousands_and_ten_thousands_is_the_same(low: int, more: int) -> None:
    high = low + more
    forms = [f"{low * 100}-{high * 100}元/月", f"{low / 10}-{high / 10}K/月", f"{low / 10}千-{high / 10}千每月", f"月薪{low / 100}-{high / 100}万"]
    for text in forms:
        outcome = parse("salary", text)
        assert isinstance(outcome, Ok), text
        assert (outcome.value["min_fen"], outcome.value["max_fen"], outcome.value["period"]) == (low * 10_000, high * 10_000, "month"), text


@given(st.sampled_from(sorted(current_regions())), st.sampled_from(["", " ", "-", "/", "·", ">"]))
def test_a_path_may_be_parted_in_any_way(code: str, separator: str) -> None:
    current = current_regions()
    path = [current[c].name for c in (code[:2] + "0000", code[:4] + "00", code) if c in current]
    outcome = parse("region", separator.join(dict.fromkeys(path)))
    assert isinstance(outcome, Ok) and outcome.value["code"] == code


@given(st.sampled_from(sorted(industries())), st.sampled_from(sorted(occupations())))
def test_codes_come_back(industry: str, occupation: str) -> None:
    hyphenated = f"{occupation[0]}-{occupation[1:3]}-{occupation[3:5]}-{occupation[5:]}"
    for kind, text, code in (("industry", industry, industry), ("occupation", hyphenated, occupation), ("occupation", occupation, occupation)):
        outcome = parse(kind, text)
        assert isinstance(outcome, Ok) and outcome.value["code"] == code


@given(
    st.sampled_from(sorted(current_regions())),
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_identity_numbers_are_read_and_any_wrong_digit_is_noticed(code: str, born: date, serial: int, place: int, shift: int) -> None:
    body = f"{code}{born:%Y%m%d}{serial:03d}"
    number = body + check_character(body)
    # ISO 7064 MOD 11-2, the definition: sum of a_i 2^(18-i), the check character included, is 1 modulo 11
    assert sum((10 if c == "X" else int(c)) * 2 ** (17 - i) for i, c in enumerate(number)) % 11 == 1
    outcome = parse("person_id", number)
    assert isinstance(outcome, Ok)
    assert outcome.value == {"valid": True, "sex": "male" if serial % 2 else "female", "birth": f"{born}", "region": code}
    if number[place] != "X":
        wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
        assert not isinstance(parse("person_id", wrong), Ok)


@given(
    st.text(_USCC, min_size=9, max_size=9),
    st.integers(100_000, 659_999),
    st.sampled_from(["91", "92", "12", "51"]),
    st.integers(0, 8),
    st.integers(1, 30),
)
def test_credit_codes_are_read_and_a_wrong_character_is_noticed(tail: str, region: int, head: str, place: int, shift: int) -> None:
    body = f"{head}{region}{tail}"
    number = body + uscc_check(body)
    assert sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(number[:17])) % 31 == (31 - _USCC.index(number[17])) % 31
    assert parse("org_id", number) == Ok({"valid": True, "kind": "uscc"})
    at = place + 8
    wrong = number[:at] + _USCC[(_USCC.index(number[at]) + shift) % 31] + number[at + 1 :]
    assert parse("org_id", wrong).code == "E_ORG_CHECKSUM"


@given(st.integers(0, 99_999_999))
def test_organisation_codes_come_back_with_and_without_hyphen(n: int) -> None:
    body = f"{n:08d}"
    number = body + org_code_check(body)
    assert parse("org_id", number) == parse("org_id", f"{body}-{number[8]}") == Ok({"valid": True, "kind": "org_code"})
