"""Spot checks while a version runs: a random sample of its decisions from a recorded seed, each judged by a person."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from leye.kernel.errors import BadInput, Conflict
from leye.office.decisions.models import Decision
from leye.office.grounds import account_of
from leye.office.permissions import not_found, require
from leye.office.registry import refusals
from leye.office.registry.models import SpotCheck, SpotItem, Version
from leye.office.registry.sealed import locked_version, record
from leye.trust.registry.sampling import draw_sample, unseen_bound

SAMPLE = 20  # chosen by us: an hour's work; without a wrong one at most 14 % are wrong (95 %, Clopper and Pearson)
LARGEST = 500
FOUND = {"sound": ("没问题", "Sound"), "doubtful": ("存疑", "Doubtful"), "wrong": ("有误", "Wrong")}
"""What a checker may find -> words."""


def draw_spot_check(
    version_id: int, *, size: int = SAMPLE, seed: int | None = None, since_leaf: int = 0, acting_user: Any, at: datetime
) -> SpotCheck:
    """Draw a sample of a running version's decisions from leaf `since_leaf` on. seed: drawn unless given; recorded and sealed either way.

    Raises BadInput on an impossible size, Conflict when it does not run or has decided nothing yet.
    """
    require(acting_user, "registry.sign")
    if not 1 <= size <= LARGEST:
        raise BadInput(f"一次抽 1 到 {LARGEST} 条", en=f"draw 1 to {LARGEST}", remedy_zh="改一个数", remedy_en="choose another number")
    with transaction.atomic():
        version = locked_version(version_id)
        if version.state != "running":
            raise refusals.not_running(version)
        places = list(_decided(version).filter(leaf_index__gte=since_leaf).order_by("leaf_index").values_list("leaf_index", flat=True))
        if not places:
            raise refusals.nothing_decided(version)
        chosen_seed = seed if seed is not None else secrets.randbits(62)
        drawn = draw_sample(places, size=size, seed=chosen_seed)
        leaf = record(
            "spot_check", version, by=acting_user, at=at, seed=chosen_seed, first=places[0], last=places[-1], population=len(places), drawn=drawn
        )
        check = SpotCheck.objects.create(
            version=version,
            at=at,
            by=acting_user,
            seed=chosen_seed,
            first_leaf=places[0],
            last_leaf=places[-1],
            population=len(places),
            leaf_index=leaf,
        )
        SpotItem.objects.bulk_create(SpotItem(check_of=check, place=place) for place in drawn)
        return check


def judge(check_id: int, place: int, *, found: str, note: str, acting_user: Any, at: datetime) -> SpotItem:
    """Say what was found of one drawn decision; the last one closes the check. Raises BadInput, Conflict when it was judged before."""
    require(acting_user, "registry.sign")
    if found not in FOUND:
        raise BadInput("结论选一个", en="choose what was found", remedy_zh="没问题、存疑或有误", remedy_en="sound, doubtful or wrong")
    said = account_of(note, "说明", "a note") if found != "sound" else note.strip()[:2000]
    with transaction.atomic():
        check = SpotCheck.objects.select_for_update().filter(pk=check_id).first()  # the whole check: who judges the last item closes it
        item = SpotItem.objects.select_related("check_of__version", "by").filter(check_of=check, place=place).first()
        if check is None or item is None:
            raise not_found()
        if item.found:
            raise Conflict(f"{item.by} 已经看过这一条", en=f"{item.by} has judged this one", remedy_zh="看下一条", remedy_en="go on to the next")
        item.found, item.note, item.at, item.by = found, said, at, acting_user
        item.save()
        if not SpotItem.objects.filter(check_of_id=check_id, found="").exists():
            _close(item.check_of, acting_user, at)
        return item


def result_of(check: SpotCheck) -> dict[str, Any]:
    """Counts, and the upper 95 % bound of the share that is wrong; None while items are open."""
    counts = Counter(item.found for item in check.items.all())
    size = sum(counts.values())
    bound = unseen_bound(size, counts["wrong"]) if size and not counts[""] else None
    return {
        "size": size,
        "open": counts[""],
        "sound": counts["sound"],
        "doubtful": counts["doubtful"],
        "wrong": counts["wrong"],
        "wrong_at_most": bound,
    }


def _close(check: SpotCheck, by: Any, at: datetime) -> None:
    check.closed_at = at
    check.save(update_fields=["closed_at"])
    found = {k: v for k, v in result_of(check).items() if k != "open"}
    record("spot_checked", check.version, by=by, at=at, check=check.leaf_index, **found)


def _decided(version: Version) -> Any:
    return Decision.objects.filter(algo=version.algo, version=version.version)
