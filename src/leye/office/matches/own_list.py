"""A person's list between two nights: ranked in the request that asks for it, sealed as the night's are, kept encrypted until the next night."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from leye.kernel.decision import Subject
from leye.kernel.errors import LeyeError
from leye.office.decisions.batch import BatchRun, decide_batch
from leye.office.decisions.ledger import new_id
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key
from leye.office.matches import refusals
from leye.office.matches.listing import matched
from leye.office.matches.models import MatchRun, OwnList
from leye.office.matches.people import PURPOSE as KEY
from leye.office.matches.people import people_frame
from leye.office.matches.sealing import ALGO, PURPOSE, SAYS, people_lists
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.keyring import keyring
from leye.office.profiles.models import Profile
from leye.office.published import Snapshot, published_snapshot
from leye.office.registry.cards import features_of, running_version
from leye.office.searches.bank import Bank, bank_now

log = logging.getLogger("leye.matches")
Rows = Sequence[Mapping[str, Any]]


def match_now(*, acting_user: Any, at: datetime) -> OwnList:
    """The account's own list against every post that stands open now. Equal to the list that stands, it is kept without a second leaf.

    Raises NotFound without a person behind the account, Conflict (E_MATCH_NOTHING_TO_READ) while nothing may be used for matching, GateRefused.
    """
    require(acting_user, "matches.own")
    if not acting_user.subject:
        raise not_found()
    snapshot, bank = published_snapshot(), bank_now()
    made = _ranked(acting_user.subject, bank, snapshot)
    with transaction.atomic():
        Profile.objects.select_for_update(of=("self",)).filter(owner=acting_user).first()  # a second click waits, and finds the list of the first
        standing, decision = standing_list(acting_user.subject, snapshot)
        is_new = says(made.to_dicts()) != says(standing)
        if is_new:
            decision = _seal(made, bank, snapshot, at)
        kept = _keep(acting_user.subject, made, decision, at)
        if is_new:
            audit("match.listed", on=kept, by=acting_user, at=at, jobs=made.height)
            emit("match.listed", at=at, list_id=kept.pk, jobs=made.height)
    return kept


def match_after_change(*, acting_user: Any, at: datetime) -> bool:
    """After a change of the profile: make the list in the same request; says whether it stands. The change stands whatever comes of it."""
    try:
        return bool(acting_user.subject) and match_now(acting_user=acting_user, at=at).decision is not None
    except LeyeError as refused:
        log.warning("matches.not_made_at_once code=%s", refused.code)
        return False


def standing_list(person_id: str, snapshot: Snapshot | None) -> tuple[list[dict[str, Any]], Decision | None]:
    """(rows by rank, what was sealed of them) of the list that is a person's now: made by day after the night's figures, else the sealed night's."""
    key = subject_key(Subject("person", person_id))
    own = OwnList.objects.filter(subject_key=key).select_related("decision").first()
    if own is not None and (snapshot is None or own.at > started_at(snapshot)):
        return rows_of(own), own.decision
    rows = _night_rows(person_id, snapshot)
    return rows, Decision.objects.filter(algo=ALGO, purpose=PURPOSE, subject_key=key).order_by("-leaf_index").first() if rows else None


def rows_of(own: OwnList) -> list[dict[str, Any]]:
    """The rows in clear: SAYS, with both probabilities."""
    return list(json.loads(keyring(KEY).decrypt(bytes(own.sealed), own.pk.bytes)))


def says(rows: Rows) -> list[tuple[Any, ...]]:
    """What makes a list another one."""
    return [tuple(row[name] for name in SAYS) for row in rows]


def started_at(snapshot: Snapshot) -> datetime:
    """When a run read what people had confirmed."""
    return datetime.fromisoformat(str(snapshot.manifest["started_at"]))


def _night_rows(person_id: str, snapshot: Snapshot | None) -> list[dict[str, Any]]:
    if snapshot is None:
        return []
    rows = snapshot.select("matches", pl.col("person_id") == person_id)
    districts = set(MatchRun.objects.filter(run_id=snapshot.run_id).values_list("region", flat=True))
    return sorted((r for r in rows if (r["region"] or "") in districts), key=lambda r: r["rank"])


def _ranked(person_id: str, bank: Bank, snapshot: Snapshot | None) -> pl.DataFrame:
    from django.conf import settings

    data = snapshot.lake.data if snapshot is not None else settings.LEYE_DATA
    person = people_frame(data, bank.on, only=(person_id,))
    if not person.height:
        raise refusals.nothing_to_read()
    return matched(person, bank.jobs.jobs, bank.on, alone=True)


def _seal(made: pl.DataFrame, bank: Bank, snapshot: Snapshot | None, at: datetime) -> Decision | None:
    """Through the gate as one subject of a batch of one; a list without a job says nothing of the person, and there is nothing to seal."""
    if not made.height:
        return None
    version = running_version(ALGO)
    run = BatchRun(ALGO, version, PURPOSE, features_of(ALGO, version), snapshot.run_id if snapshot else "", at, str(made["region"][0] or ""))
    return Decision.objects.get(leaf_index=decide_batch(run, people_lists(made, bank.on, run)).first)


def _keep(person_id: str, made: pl.DataFrame, decision: Decision | None, at: datetime) -> OwnList:
    key, name = subject_key(Subject("person", person_id)), new_id(at)
    OwnList.objects.filter(subject_key=key).delete()
    text = json.dumps(made.drop("region").to_dicts(), ensure_ascii=False)
    region = str(made["region"][0] or "") if made.height else ""
    sealed = keyring(KEY).encrypt(text.encode(), name.bytes)
    return OwnList.objects.create(id=name, subject_key=key, region=region, sealed=sealed, decision=decision, at=at)
