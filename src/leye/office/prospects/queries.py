"""Reading profiles: one's own, a counsellor's list and a person of it, the figures by which the profile is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Count, QuerySet

from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key
from leye.office.permissions import require
from leye.office.privacy.reads import log_read
from leye.office.prospects.models import RANK, Level, OptOut, Override, ProfileRun
from leye.office.prospects.sealing import ALGO
from leye.office.published import Snapshot, published_snapshot

READ_AS = ("unemployment_risk",)
"""What a look is recorded as."""


@dataclass(frozen=True)
class Prospect:
    """A profile as pages show it. level: the counsellor's where there is one, else the machine's · up, down: inputs that raise and lower ·
    decision: what
    was sealed of the person last · override: None while the machine's level stands.
    """

    person_id: str
    question: str
    level: str
    machine_level: str
    p_12: float
    low_12: float
    high_12: float
    p_6: float
    up: tuple[str, ...]
    down: tuple[str, ...]
    month: Any
    decision: Decision | None
    override: Override | None

    @property
    def rank(self) -> tuple[int, float]:
        """What lists are ordered by: level, then probability."""
        return RANK[self.level], self.p_12


def prospects_of(person_ids: Sequence[str], snapshot: Snapshot | None = None) -> dict[str, list[Prospect]]:
    """Sealed profiles of these people by id; nothing for who opted out or whose district is not sealed. The caller checks rights and records
    the read."""
    snapshot = snapshot or published_snapshot()
    if snapshot is None or not person_ids:
        return {}
    rows = _shown(snapshot, pl.col("person_id").is_in(list(person_ids)))
    keys = {r["person_id"]: subject_key(Subject("person", r["person_id"])) for r in rows}
    out = set(OptOut.objects.filter(subject_key__in=list(keys.values()), back_at=None).values_list("subject_key", flat=True))
    standing = {
        (o.subject_key, o.question): o for o in Override.objects.filter(subject_key__in=list(keys.values()), undone_at=None).select_related("by")
    }
    sealed: dict[str, Decision] = {}
    for row in Decision.objects.filter(algo=ALGO, subject_key__in=list(keys.values())).order_by("leaf_index"):
        sealed[row.subject_key] = row
    found: dict[str, list[Prospect]] = {}
    for row in rows:
        key = keys[row["person_id"]]
        if key not in out and key in sealed:
            found.setdefault(row["person_id"], []).append(_prospect(row, sealed[key], standing.get((key, row["question"]))))
    return found


def levels_of(person_ids: Sequence[str], snapshot: Snapshot) -> dict[str, str]:
    """Person -> highest level of their profiles."""
    found = prospects_of(person_ids, snapshot)
    return {person: max(mine, key=lambda p: RANK[p.level]).level for person, mine in found.items()}


def own_prospects(user: Any) -> tuple[list[Prospect], bool]:
    """(the account's own profiles, whether it opted out)."""
    require(user, "prospects.own")
    if not user.subject:
        return [], False
    return prospects_of([user.subject]).get(user.subject, []), is_out(user.subject)


def is_out(person_id: str) -> bool:
    """Whether the person does not want to be profiled."""
    return OptOut.objects.filter(subject_key=subject_key(Subject("person", person_id)), back_at=None).exists()


def person_prospects(user: Any, person_id: str, at: datetime) -> list[Prospect]:
    """Of one person in the counsellor's grids; the look is recorded. The caller has checked that the person is theirs."""
    require(user, "prospects.view")
    found = prospects_of([person_id]).get(person_id, [])
    if found:
        log_read(user, Subject("person", person_id), "case_work", READ_AS, at)
    return found


def help_list(user: Any, level: str = "") -> list[Prospect]:
    """People of the account's grids at attention or priority (or one of the two), most urgent first. Names are read where the list is shown."""
    require(user, "prospects.view")
    snapshot = published_snapshot()
    if snapshot is None:
        return []
    shown = (level,) if level in (Level.ATTENTION, Level.PRIORITY) else (Level.ATTENTION, Level.PRIORITY)
    from leye.office.entitlements.lists import own_people

    mine = [p for found in prospects_of(own_people(user), snapshot).values() for p in found if p.level in shown]
    return sorted(mine, key=lambda p: (-p.rank[0], -p.rank[1], p.person_id))


def quality(user: Any) -> Mapping[str, list[dict[str, Any]]]:
    """Tables by which the profile is judged: `figures, bins, gaps, drift, learned, notices, levels`; small groups are hidden in them already."""
    require(user, "prospects.audit")
    snapshot = published_snapshot()
    if snapshot is None:
        return {}
    found = {name: snapshot.rows(f"risk_{name}") for name in ("figures", "bins", "gaps", "drift", "learned", "notices")}
    risk = snapshot.frame("risk")
    counted = risk.group_by("question", "level").len("people").to_dicts() if risk.width else []
    found["levels"] = sorted(counted, key=lambda r: (r["question"], -RANK[r["level"]]))
    return found


def overrides(user: Any) -> QuerySet[Override]:
    """All overrides that the account may see, newest first."""
    require(user, "prospects.audit")
    found = Override.objects.select_related("by", "undone_by", "decision")
    return found.filter(region=user.region) if user.region else found


def override_counts(user: Any) -> list[dict[str, Any]]:
    """How often people moved a level, by question, from and to; those taken back are left out."""
    return list(
        overrides(user)
        .filter(undone_at=None)
        .values("question", "machine_level", "level")
        .annotate(n=Count("id"))
        .order_by("question", "machine_level", "level")
    )


def _shown(snapshot: Snapshot, where: pl.Expr) -> list[dict[str, Any]]:
    """Rows of the districts that are sealed."""
    regions = set(ProfileRun.objects.filter(run_id=snapshot.run_id).values_list("region", flat=True))
    return [r for r in snapshot.select("risk", where) if ((region_code(str(r["region"])) if r["region"] else "") or "") in regions]


def _prospect(row: Mapping[str, Any], decision: Decision, override: Override | None) -> Prospect:
    return Prospect(
        row["person_id"], row["question"], override.level if override is not None else row["level"], row["level"], row["p_12"], row["low_12"],
        row["high_12"], row["p_6"], tuple(row["up"]), tuple(row["down"]), row["month"], decision, override,
    )  # fmt: skip
