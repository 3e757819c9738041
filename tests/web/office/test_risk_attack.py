"""Attacks on the profile: scores turned round, all high, all low, mixed up, gone. Nobody may lose a page, a card, a figure or a turn by it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from leye.lake import open_lake
from leye.office.entitlements.lists import today_list
from leye.office.permissions import PERMISSIONS, can
from leye.office.prospects.models import RANK
from leye.office.prospects.sealing import seal_profiles
from leye.office.published import published_snapshot

pytestmark = pytest.mark.django_db

SPEAK_OF_IT = {"my-outlook", "my-outlook-csv"}
"""Of all addresses of a person these two show the profile; the sealed decisions, which others show, are not what is attacked here."""

COUNT_LOOKS = {"my-reads", "my-reads-csv"}
"""Each look at the other pages adds a line to them."""

NEXT = {"ordinary": "priority", "attention": "attention", "priority": "ordinary"}
ATTACKS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "turned round": lambda t: t.with_columns(pl.col("level").replace_strict(NEXT), *((1 - pl.col(c)).alias(c) for c in ("p_6", "p_12"))),
    "all at the top": lambda t: t.with_columns(pl.lit("priority").alias("level"), pl.lit(1.0).alias("p_12")),
    "all at the bottom": lambda t: t.with_columns(pl.lit("ordinary").alias("level"), pl.lit(0.0).alias("p_12")),
    "mixed up": lambda t: t.with_columns(pl.col("level", "p_6", "p_12").shuffle(seed=4)),
    "gone": lambda t: t.head(0),
}


@pytest.fixture
def sealed(settings: Any, register: None, city_data: Path) -> pl.DataFrame:
    """The profiles of a published city, sealed."""
    folder = Path(settings.LEYE_DATA)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("city", "snapshots"):
        shutil.copytree(city_data / name, folder / name)
    shutil.copy(city_data / "published.json", folder)
    lake = open_lake(folder)
    published = lake.published()
    assert published is not None
    assert seal_profiles(lake, published.run_id) > 0
    return lake.scan("risk").collect()


@pytest.fixture
def busiest(sealed: pl.DataFrame, user_of: Callable[..., Any]) -> Any:
    """The counsellor with the longest list."""
    snapshot = published_snapshot()
    assert snapshot is not None
    listed = snapshot.frame("push").drop_nulls("counsellor_id")
    row = listed.group_by("counsellor_id", "region").len().sort("len", "counsellor_id").row(-1, named=True)
    return user_of("counsellor", "busy", region=row["region"].removeprefix("CN-"), subject=row["counsellor_id"])


def put(table: pl.DataFrame) -> None:
    """What pages read from now on."""
    snapshot = published_snapshot()
    assert snapshot is not None
    snapshot.frame("risk")
    snapshot.__dict__["_frames"]["risk"] = table


def pages_of(user: Any) -> dict[str, tuple[int, str]]:
    """Every address without a hole that the account may see, with what it answers; tokens that differ in each answer are taken out."""
    client = Client()
    client.force_login(user)
    found = {}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLPattern) and "<" not in str(entry.pattern) and entry.name not in SPEAK_OF_IT | COUNT_LOOKS:
            permission = getattr(entry.callback, "permission", None)
            if permission == "open" or (permission in PERMISSIONS and can(user, permission)):
                answer = client.get("/" + str(entry.pattern))
                if answer.status_code == 405:  # an address that only takes a form
                    continue
                text = b"".join(answer).decode("utf-8", "replace")
                found[str(entry.name)] = answer.status_code, re.sub(r'(csrfmiddlewaretoken" value|nonce|"X-CSRFToken": )="?[^"]*"', "", text)
    return found


def test_whatever_the_scores_a_person_finds_the_same_pages(sealed: pl.DataFrame, user_of: Callable[..., Any]) -> None:
    row = sealed.filter(pl.col("question") == "no_job").sort("p_12", "person_id").row(-1, named=True)
    person = user_of("seeker", "person", region=row["region"].removeprefix("CN-"), subject=row["person_id"])
    before = pages_of(person)
    assert len(before) > 15, "a person has many pages"
    for name, attack in ATTACKS.items():
        put(attack(sealed))
        after = pages_of(person)
        assert {n for n in before if before[n] != after[n]} == set(), name


def test_whatever_the_scores_everybody_keeps_the_card_with_all_that_is_on_it(sealed: pl.DataFrame, busiest: Any, at: datetime) -> None:
    before = {c.person_id: c for c in today_list(busiest, at).open}
    assert len(before) > 5
    for name, attack in ATTACKS.items():
        put(attack(sealed))
        assert {c.person_id: c for c in today_list(busiest, at).open} == before, name


def test_nobody_falls_on_the_daily_list_by_an_own_higher_score(sealed: pl.DataFrame, busiest: Any, at: datetime) -> None:
    order = [c.person_id for c in today_list(busiest, at).open]
    known = [p for p in order if p in set(sealed["person_id"])]
    assert known
    for who in known[:12]:
        mine = pl.col("person_id") == who
        for level in RANK:
            put(sealed.with_columns(pl.when(mine & (pl.col("level") != "priority")).then(pl.lit(level)).otherwise(pl.col("level")).alias("level")))
            after = [c.person_id for c in today_list(busiest, at).open]
            was = max(RANK[x] for x in sealed.filter(mine)["level"])
            now = max(RANK[x] for x in published_risk().filter(mine)["level"])
            assert sorted(after) == sorted(order)
            assert now < was or after.index(who) <= order.index(who)
            assert [p for p in after if p != who] == [p for p in order if p != who], "the others keep their order"


def published_risk() -> pl.DataFrame:
    """What pages read."""
    snapshot = published_snapshot()
    assert snapshot is not None
    return snapshot.frame("risk")
