"""The stored form made straight from the verdicts is the one made from the long marks."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.policy import shipped
from leye.policy.marks import Marker
from leye.policy.wide import Bits, wide_schema
from tests_support.policy_people import random_people

DAYS = [date(2023, 6, 1), date(2025, 7, 15)]


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
@pytest.mark.parametrize("count", [0, 1, 3000])
def test_masks_and_amounts_are_those_of_the_long_marks(on: date, count: int) -> None:
    packs = shipped()
    people = random_people(packs, on, max(count, 1), seed=3).head(count)
    marker, bits = Marker(packs, on), Bits.of(packs)
    typed = marker.typed(people)
    direct = bits.mark(marker, typed)
    assert direct.schema == pl.Schema(wide_schema())
    marks = marker.mark(typed)
    assert direct.equals(bits.widen(people["person_id"], marks))
    if count == 3000:
        by = ["person_id", "policy"]
        assert bits.narrow(direct).sort(by).equals(marks.select("person_id", "policy", "verdict", "amount_fen").sort(by))


def test_only_some_policies_keep_their_own_bits() -> None:
    packs, on = shipped(), DAYS[1]
    people = random_people(packs, on, 500, seed=4)
    some = Marker(packs, on, only=["skill_up", "ui_refund"])
    wide = Bits.of(packs).mark(some, some.typed(people))
    allowed = sum(1 << list(packs.policies).index(p) for p in ("skill_up", "ui_refund"))
    assert wide["unknown"].max() > 0
    assert all(mask | allowed == allowed for mask in (wide["yes"] | wide["unknown"]).to_list())
