"""The list for counsellors and firms: what is worth a call today, one row a person and policy.

A yes goes in; an unknown goes in when one answer of the person decides it. What does not: unverified policies, what gives way to a better one of the
same group, what is drawn or applied for already, and what nobody has to apply for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import polars as pl

from leye.policy.choice import OPEN
from leye.policy.facts import FactTable
from leye.policy.pack import PackSet
from leye.policy.push.either import counted_instead
from leye.policy.push.handling import Handlings
from leye.policy.push.worth import weight_expr

GIVES_WAY = "gives_way"
SUBSIDIES = ("ui_fund", "employment_fund", "guarantee_fund")
"""Funds whose money a barred firm does not get; taxes and contribution rates are no subsidies."""

COLUMNS = (
    "subject", "grid_id", "counsellor_id", "region", "person_id", "firm_id", "policy", "verdict", "fact", "amount_fen", "months", "unit",
    "expected_fen", "chance", "weight", "instead_of", "reason", "question", "deadline", "documents",
)  # fmt: skip


def push_list(
    marks: pl.DataFrame,
    homes: pl.DataFrame,
    packs: PackSet,
    handling: Handlings,
    questions: Mapping[str, str],
    held: pl.DataFrame,
    on: date,
    *,
    barred: Collection[str] = (),
) -> pl.DataFrame:
    """Rows with COLUMNS, heaviest first within a counsellor.

    marks: `person_id, policy, verdict, amount_fen, months, missing, choice, unit, about, region, firm_id, deadline, expected_fen, chance` ·
    homes: `person_id, grid_id, counsellor_id` · questions: fact -> what to ask · held: `person_id, policy` that need no call. subject: who applies,
    the person or the firm; a row whose money goes to a firm has no counsellor. instead_of: the policy of the same person and list that is counted in
    this one's place, where one may take only one of them; null where the row counts.
    """
    policies = _policies(packs, handling)
    asked = _asked(packs.facts, questions)
    one = pl.when(pl.col("verdict") == "unknown").then(pl.col("missing").list.first())
    is_open = (pl.col("verdict") == "yes") | ((pl.col("missing").list.len() == 1) & one.is_in(asked["fact"].implode()))
    rows = (
        marks.lazy()
        .filter(is_open, ~pl.col("choice").fill_null("").str.starts_with(GIVES_WAY))
        .join(policies.lazy(), on="policy")
        .join(held.lazy().select("person_id", "policy"), on=["person_id", "policy"], how="anti")
        .with_columns(one.alias("fact"))
        .join(homes.lazy(), on="person_id", how="left")
        .join(asked.lazy(), on="fact", how="left")
        .with_columns(weight_expr(on).alias("weight"))
        .with_columns(*_whose())
        .filter(~(pl.col("subject").is_in(list(barred)) & pl.col("is_subsidy")))
        .collect()
    )
    rows = rows.join(_either(rows, packs), on=["person_id", "policy"], how="left", maintain_order="left").select(COLUMNS)
    return rows.sort("counsellor_id", "weight", "subject", "policy", "person_id", descending=[False, True, False, False, False])


def _either(rows: pl.DataFrame, packs: PackSet) -> pl.DataFrame:
    """`person_id, policy, instead_of` of the rows that are not counted."""
    by_person: dict[str, list[tuple[str, int]]] = {}
    for person, policy, fen in rows.filter(pl.col("choice") == OPEN).select("person_id", "policy", "expected_fen").iter_rows():
        by_person.setdefault(person, []).append((policy, fen))
    found = [(person, *pair) for person, of_person in by_person.items() for pair in counted_instead(of_person, packs).items()]
    return pl.DataFrame(found, schema={"person_id": pl.String, "policy": pl.String, "instead_of": pl.String}, orient="row")


def _whose() -> list[pl.Expr]:
    """Who applies, and that a firm's matter is on no counsellor's list."""
    is_firm = pl.col("paid_to") == "firm"
    return [
        pl.when(is_firm).then(pl.coalesce("firm_id", "person_id")).otherwise(pl.col("person_id")).alias("subject"),
        pl.when(~is_firm).then(pl.col("counsellor_id")).alias("counsellor_id"),
        pl.when(pl.col("verdict") == "yes").then(pl.col("says_yes")).otherwise(pl.col("says_unknown")).alias("reason"),
        pl.when(pl.col("fact").is_not_null()).then(pl.col("question")).alias("question"),
    ]


def _policies(packs: PackSet, handling: Handlings) -> pl.DataFrame:
    """What is pushed, with its words."""
    rows = [
        (
            p.id,
            handling.paid_to(p),
            p.pays in SUBSIDIES,
            f"符合《{p.name}》的全部条件",
            f"《{p.name}》只差一项没核实",
            list(p.apply.documents_zh),
        )
        for p in packs.policies.values()
        if handling.is_pushed(p)
    ]
    schema: dict[str, Any] = {
        "policy": pl.String,
        "paid_to": pl.String,
        "is_subsidy": pl.Boolean,
        "says_yes": pl.String,
        "says_unknown": pl.String,
        "documents": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _asked(facts: FactTable, questions: Mapping[str, str]) -> pl.DataFrame:
    """Facts that a person or firm can be asked for: not those of the place."""
    rows = [(f.id, questions.get(f.id) or f"请核实：{f.zh}") for f in facts if f.kind not in ("local", "key")]
    return pl.DataFrame(rows, schema={"fact": pl.String, "question": pl.String}, orient="row")
