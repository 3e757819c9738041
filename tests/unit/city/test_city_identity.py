"""Numbers that carry a check, against the rule of the standard written out slowly."""

import re
from datetime import date

import polars as pl
import pytest

from leye.city.build import build_city
from leye.kernel.codes import current_regions

ON = date(2025, 8, 31)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_check(body: str) -> str:
    """GB 11643: weight 2^(17-i) mod 11, then the table of checks."""
    total = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body))
    return "10X98765432"[total % 11]


def credit_check(body: str) -> str:
    """GB 32100: weight 3^i mod 31 in its alphabet of 31."""
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CREDIT[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """GB 11714: digits count themselves, letters from 10 on; weights 3 7 9 10 5 8 4 2; 10 is X and 11 is 0."""
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"], ids=["example of the standard", "second example of the standard"])
def test_slow_rule_agrees_with_the_standard(number):
    assert id_check(number[:17]) == number[17]


def test_slow_credit_rule_agrees_with_a_published_code():
    assert credit_check("91350100M000100Y4") == "3"


@pytest.fixture(scope="module")
def small():
    return build_city(2_000, seed=5, on=ON)


@pytest.fixture(scope="module")
def people(small):
    return small.tables["people"].filter(~pl.col("person_id").is_in(small.truth["duplicates"]["id_b"].implode()))


def test_identity_numbers_carry_the_right_check_and_are_unique(people):
    numbers = people["id_number"]
    assert numbers.null_count() == 0
    assert numbers.n_unique() == people.height
    assert all(id_check(n[:17]) == n[17] for n in numbers)


def test_identity_numbers_agree_with_birth_sex_and_a_real_county(people):
    for number, born, sex, local in people.select("id_number", "birth", "sex", "hukou_local").iter_rows():
        assert number[:6] in current_regions()
        assert born is None or number[6:14] == f"{born:%Y%m%d}"
        assert sex is None or (int(number[16]) % 2 == 1) == (sex == "M")
        assert local is None or number.startswith("4406") == local


def test_many_of_one_day_and_place_still_get_numbers_of_their_own(monkeypatch):
    import numpy as np

    from leye.city import identity
    from leye.city.population import settle

    residents, _ = settle(2_000, seed=5, on=ON)
    residents.birth[:] = np.datetime64("1990-05-05")
    residents.is_local[:] = True
    numbers = identity.identity_numbers(residents, seed=5)
    assert numbers.n_unique() == residents.n


def test_phones_have_the_form_and_an_unassigned_prefix(people):
    phones = people["phone"].drop_nulls()
    assert all(re.fullmatch(r"1[3-9]\d{9}", p) and p.startswith("154") for p in phones)
    assert phones.n_unique() == phones.len()


def test_credit_codes_carry_both_checks(small):
    for code, kind in small.tables["firms"].select("org_id", "firm_kind").iter_rows():
        assert len(code) == 18
        assert credit_check(code[:17]) == code[17]
        assert organisation_check(code[8:16]) == code[16]
        assert code[:2] == {"enterprise": "91", "individual_business": "92", "social_org": "52", "institution": "12"}[kind]
        assert code[2:8] in current_regions()


def test_children_bear_the_name_of_an_adult_of_the_household(people):
    for _, home in people.select("household_id", "name", "birth").group_by("household_id"):
        adults = home.filter(pl.col("birth").is_null() | (pl.col("birth") <= date(2007, 8, 31)))["name"]
        for child in home.filter(pl.col("birth") > date(2008, 1, 1))["name"]:
            assert adults.is_empty() or any(child[0] == a[0] for a in adults)
