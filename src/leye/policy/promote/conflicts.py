"""Payments that exclude each other, found in what departments paid by the exclusion groups of the pack, each with the item it collides with.

A group of the pack says what may be had once, its scope says of what: a month, a certificate, a hire, a business, a life, or only together
(`same_person`: different policies of the group). Besides, no monthly benefit is due twice for one person and month, whatever the groups say.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.policy.pack import PackSet

COLUMNS = {
    "payment_id": pl.String, "person_id": pl.String, "firm_id": pl.String, "policy": pl.String, "month": pl.Date, "cert_no": pl.String,
    "amount_fen": pl.Int64, "paid_on": pl.Date,
}  # fmt: skip
KEYS: dict[str, tuple[str, ...]] = {
    "same_month": ("payee", "month"),
    "same_certificate": ("cert_no",),
    "same_hire": ("person_id", "firm_id"),
    "same_business": ("payee",),
    "once": ("payee",),
    "same_person": ("payee",),
}
"""What must be equal for two payments of a group to collide, by scope; the payee is the person, for a firm's own benefit the firm."""
REPEATED = "repeated_month"
"""The group that every monthly policy forms with itself."""
C = pl.col


@dataclass(frozen=True)
class Conflicts:
    """pairs: one row a payment that collides, `payment_id, conflicts_with, person_id, firm_id, policy, other_policy, group, scope, month, cert_no,
    paid_on, other_paid_on, amount_fen, other_amount_fen, at_stake_fen`; unknown_policies: ids that the packs do not know, which no rule covers."""

    pairs: pl.DataFrame
    unknown_policies: tuple[str, ...]

    @property
    def at_stake_fen(self) -> int:
        """What would not have been paid: the smaller of each pair."""
        return int(self.pairs["at_stake_fen"].sum())


def conflicts_in(payments: pl.DataFrame, packs: PackSet, *, source: str = "PAYMENTS") -> Conflicts:
    """Find them. Columns as in COLUMNS; `month`, `cert_no`, `firm_id` and `person_id` may be null, and what is unknown collides with nothing.

    Of more than two payments for one thing each later one is held against the first. Raises BadInput (E_PAYMENTS) with row and column.
    """
    rows = checked(payments, source).with_columns(pl.coalesce("person_id", "firm_id").alias("payee"))
    known = _memberships(packs)
    found = [_collisions(rows, known.filter(C("scope") == scope), scope) for scope in KEYS]
    pairs = pl.concat(found).sort("group", nulls_last=True).unique(["payment_id", "conflicts_with"], keep="last", maintain_order=True)
    unknown = sorted(set(rows["policy"].unique()) - set(packs.policies))
    return Conflicts(pairs.sort("paid_on", "payment_id", "conflicts_with"), tuple(unknown))


def _memberships(packs: PackSet) -> pl.DataFrame:
    """`policy, group, scope`: the groups of the packs, and each monthly policy with itself."""
    rows = [(p.id, e.group, e.scope) for p in packs.policies.values() for e in p.all_exclusive]
    rows += [(p.id, f"{REPEATED}:{p.id}", "same_month") for p in packs.policies.values() if any(v.unit == "month" for v in p.versions)]
    return pl.DataFrame(rows, schema={"policy": pl.String, "group": pl.String, "scope": pl.String}, orient="row").unique()


def _collisions(rows: pl.DataFrame, members: pl.DataFrame, scope: str) -> pl.DataFrame:
    """Pairs of one scope: each payment after the first of its group and key, with that first one."""
    key = ["group", *KEYS[scope]]
    inside = rows.join(members, on="policy").drop_nulls(KEYS[scope]).sort("paid_on", "payment_id")
    first = [C(c).first().over(key).alias(f"other_{c}") for c in ("payment_id", "policy", "amount_fen", "paid_on")]
    pairs = inside.with_columns(first).filter(C("payment_id") != C("other_payment_id"))
    if scope == "same_person":
        pairs = pairs.filter(C("policy") != C("other_policy"))
    return pairs.select(
        "payment_id", C("other_payment_id").alias("conflicts_with"), "person_id", "firm_id", "policy", "other_policy",
        C("group").str.replace(f"{REPEATED}:.*", REPEATED), pl.lit(scope).alias("scope"), "month", "cert_no", "paid_on", "other_paid_on",
        "amount_fen", "other_amount_fen", pl.min_horizontal("amount_fen", "other_amount_fen").alias("at_stake_fen"),
    )  # fmt: skip


def checked(payments: pl.DataFrame, source: str) -> pl.DataFrame:
    """The eight columns, or BadInput (E_PAYMENTS) that names row and column."""
    for name, dtype in COLUMNS.items():
        if name not in payments.columns:
            raise _refuse(f"缺少列 {name}", f"column {name} is missing", source, None, name)
        if payments[name].dtype not in (dtype, pl.Null):
            raise _refuse(f"列 {name} 的类型是 {payments[name].dtype}", f"column {name} is {payments[name].dtype}, not {dtype}", source, None, name)
    rows = payments.select(C(name).cast(dtype) for name, dtype in COLUMNS.items()).with_row_index("row")
    for column, bad, zh, en in (
        (
            "payment_id",
            C("payment_id").is_null() | C("payment_id").is_duplicated(),
            "付款编号为空或重复",
            "the payment id is unknown or there twice",
        ),
        ("policy", C("policy").is_null(), "没有写政策", "the policy is unknown"),
        ("paid_on", C("paid_on").is_null(), "没有写付款日期", "the day of payment is unknown"),
        ("amount_fen", C("amount_fen").is_null() | (C("amount_fen") <= 0), "金额应为正数（分）", "the amount must be positive, in fen"),
        ("person_id", C("person_id").is_null() & C("firm_id").is_null(), "人员和单位都没有写", "neither person nor firm is known"),
    ):
        wrong = rows.filter(bad)
        if wrong.height:
            raise _refuse(zh, en, source, int(wrong["row"][0]) + 1, column)
    return rows.drop("row")


def _refuse(zh: str, en: str, source: str, row: int | None, column: str) -> BadInput:
    return BadInput(
        zh,
        en=en,
        places=(Place(file=source, row=row, column=column),),
        remedy_zh="一行一笔付款：payment_id, person_id, firm_id, policy, month, cert_no, amount_fen, paid_on；冲正的先与原付款抵销",
        remedy_en="one row a payment: payment_id, person_id, firm_id, policy, month, cert_no, amount_fen, paid_on; net reversals first",
        code="E_PAYMENTS",
    )
