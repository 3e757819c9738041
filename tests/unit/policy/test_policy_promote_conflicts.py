"""Payments that exclude each other: an answer table a scope, worked by hand, over a pack of our own."""

from datetime import date

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.policy.pack import Apply, Exclusion, PackSet, Policy, Version
from leye.policy.promote.conflicts import COLUMNS, conflicts_in


def version(unit: str) -> Version:
    return Version(date(2020, 1, 1), None, "x", "CN", "verified", None, unit, None, "", (), "", "", None, "", {}, (), (), "t")  # type: ignore[arg-type]


def policy(name: str, unit: str, *groups: tuple[str, str]) -> Policy:
    exclusive = tuple(Exclusion(group, scope, "max_benefit") for group, scope in groups)
    return Policy(name, name, name, "person", "none", "verified", False, "", "", (), (version(unit),), exclusive, Apply(), (), (), "t")


POLICIES = [
    policy("skill", "once", ("cert", "same_certificate")),
    policy("course", "once", ("cert", "same_certificate")),
    policy("ss_a", "month", ("ss", "same_month")),
    policy("ss_b", "month", ("ss", "same_month")),
    policy("benefit", "month"),
    policy("hire", "once", ("hire", "same_hire")),
    policy("expand", "once", ("hire", "same_hire")),
    policy("grant", "once", ("grant", "once")),
    policy("tax_a", "year", ("tax", "same_person")),
    policy("tax_b", "year", ("tax", "same_person")),
    policy("spell", "once"),
]
PACKS = PackSet((), None, {}, {p.id: p for p in POLICIES}, {}, ())  # type: ignore[arg-type]


def pay(n, name, person="p", firm=None, month=1, cert=None, fen=1_000, day=None):
    return {
        "payment_id": f"B{n}", "person_id": person, "firm_id": firm, "policy": name, "month": month and date(2025, month, 1), "cert_no": cert,
        "amount_fen": fen, "paid_on": day or date(2025, 6, n),
    }  # fmt: skip


ANSWERS = [
    ("one certificate paid by two", [pay(1, "skill", cert="c"), pay(2, "course", cert="c", month=2)], [("B2", "B1")]),
    ("one certificate paid twice by one", [pay(1, "skill", cert="c"), pay(2, "skill", cert="c")], [("B2", "B1")]),
    ("two certificates", [pay(1, "skill", cert="c"), pay(2, "course", cert="d")], []),
    ("no number, no collision", [pay(1, "skill"), pay(2, "course")], []),
    ("one month, two subsidies", [pay(1, "ss_a"), pay(2, "ss_b")], [("B2", "B1")]),
    ("two months", [pay(1, "ss_a"), pay(2, "ss_b", month=2)], []),
    ("an unknown month collides with nothing", [pay(1, "ss_a", month=None), pay(2, "ss_b", month=None)], []),
    ("another person's month", [pay(1, "ss_a"), pay(2, "ss_b", person="q")], []),
    ("a benefit twice for a month, though it has no group", [pay(1, "benefit"), pay(2, "benefit")], [("B2", "B1")]),
    ("a benefit each month", [pay(1, "benefit"), pay(2, "benefit", month=2)], []),
    ("benefit and subsidy of one month", [pay(1, "benefit"), pay(2, "ss_a")], []),
    ("one hire, two grants", [pay(1, "hire", firm="f"), pay(2, "expand", firm="f", month=3)], [("B2", "B1")]),
    ("the same person hired by another firm", [pay(1, "hire", firm="f"), pay(2, "expand", firm="g")], []),
    ("once in a life, twice", [pay(1, "grant"), pay(2, "grant", month=5)], [("B2", "B1")]),
    ("each year again is no collision where only the other policy is excluded", [pay(1, "tax_a"), pay(2, "tax_a", month=2)], []),
    ("two policies that one person may not have together", [pay(1, "tax_a"), pay(2, "tax_b", month=4)], [("B2", "B1")]),
    ("a firm's own benefit goes by the firm", [pay(1, "grant", person=None, firm="f"), pay(2, "grant", person=None, firm="f")], [("B2", "B1")]),
    ("what no group says may come again", [pay(1, "spell"), pay(2, "spell")], []),
    ("three for one month are held against the first", [pay(1, "ss_a"), pay(2, "ss_b"), pay(3, "ss_a")], [("B2", "B1"), ("B3", "B1")]),
    ("the first is the one paid first, whatever its number", [pay(1, "ss_a", day=date(2025, 7, 1)), pay(2, "ss_b")], [("B1", "B2")]),
]


def table(rows):
    return pl.DataFrame(rows, schema=COLUMNS)


@pytest.mark.parametrize(("rows", "pairs"), [a[1:] for a in ANSWERS], ids=[a[0] for a in ANSWERS])
def test_conflicts_answers(rows, pairs):
    found = conflicts_in(table(rows), PACKS)
    assert sorted(found.pairs.select("payment_id", "conflicts_with").iter_rows()) == sorted(pairs)


def test_the_other_item_is_named_with_group_amount_and_day():
    row = conflicts_in(table([pay(1, "skill", cert="c", fen=900), pay(2, "course", cert="c", fen=500)]), PACKS).pairs.row(0, named=True)
    assert (row["policy"], row["other_policy"], row["group"], row["scope"]) == ("course", "skill", "cert", "same_certificate")
    assert (row["amount_fen"], row["other_amount_fen"], row["at_stake_fen"], row["other_paid_on"]) == (500, 900, 500, date(2025, 6, 1))


def test_a_pair_in_two_groups_is_told_once_by_the_pack_s_group():
    found = conflicts_in(table([pay(1, "ss_a"), pay(2, "ss_a")]), PACKS)
    assert found.pairs["group"].to_list() == ["ss"]


def test_policies_that_no_pack_knows_are_said():
    assert conflicts_in(table([pay(1, "alien"), pay(2, "alien")]), PACKS).unknown_policies == ("alien",)


BAD = [
    ("payment_id", [pay(1, "skill"), pay(1, "skill")], 1),
    ("policy", [pay(1, "skill"), pay(2, None)], 2),
    ("amount_fen", [pay(1, "skill", fen=-5)], 1),
    ("paid_on", [pay(1, "skill") | {"paid_on": None}], 1),
    ("person_id", [pay(1, "skill", person=None)], 1),
]


@pytest.mark.parametrize(("column", "rows", "line"), BAD, ids=[b[0] for b in BAD])
def test_bad_rows_are_named(column, rows, line):
    with pytest.raises(BadInput) as refused:
        conflicts_in(table(rows), PACKS, source="pay.csv")
    assert (refused.value.code, refused.value.places[0].column, refused.value.places[0].row) == ("E_PAYMENTS", column, line)


def test_missing_columns_and_types_are_named():
    with pytest.raises(BadInput, match="cert_no"):
        conflicts_in(table([pay(1, "skill")]).drop("cert_no"), PACKS)
    with pytest.raises(BadInput, match="month"):
        conflicts_in(table([pay(1, "skill")]).with_columns(pl.col("month").cast(pl.String)), PACKS)
