"""Alarms of a published run become alerts at the desk. Running it again on the same run changes nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from leye.kernel.ids import uuid7
from leye.lake import Lake
from leye.office.alerts.models import RANK, Alert, Level
from leye.office.alerts.sealing import ALGO, seal_alerts
from leye.office.alerts.spells import Spell, read_rows, spells, worth_taking_up
from leye.office.outbox.journal import audit, emit
from leye.office.review.queries import breaker_state


@dataclass(slots=True)
class TakenUp:
    """How many alerts were opened, changed by newer rows, left as they were, and held back because an open breaker leaves that place to people."""

    opened: int = 0
    changed: int = 0
    same: int = 0
    held: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def take_up_alerts(lake: Lake, run_id: str, *, at: datetime) -> TakenUp:
    """Open or update alerts from the tables `alerts`, `lamps`, `advice`, `panel_keys` of a run, in one transaction."""
    on = date.fromisoformat(str(lake.manifest(run_id)["on"]))
    lit = {r["unique_id"]: r["since"] for r in _rows(lake, "lamps", run_id)}
    found = [s for s in spells(read_rows(_rows(lake, "alerts", run_id)), lit) if worth_taking_up(s, on=on)]
    keys = {r["unique_id"]: r for r in _rows(lake, "panel_keys", run_id)}
    advice: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(lake, "advice", run_id):
        advice.setdefault(row["unique_id"], []).append({k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()})
    done = TakenUp()
    with transaction.atomic():
        Alert.objects.filter(is_lit=True, closed_at=None).exclude(unique_id__in=lit).update(is_lit=False, changed_at=at)
        told = [_take_up(s, keys.get(s.begins.unique_id, {}), advice.get(s.begins.unique_id, []), run_id, at, done) for s in found]
        seal_alerts([alert for alert in told if alert is not None], run_id, at=at)
        emit("snapshot.published", permission="events.stream", at=at, run_id=run_id, **done.as_dict())
    return done


def _take_up(spell: Spell, key: Mapping[str, Any], advice: list[dict[str, Any]], run_id: str, at: datetime, done: TakenUp) -> Alert | None:
    """The alert when it says something new, None when it stands as it stood or is held back until people have restored the machine there."""
    if breaker_state(ALGO, _region(key.get("region"))) == "open":
        done.held += 1  # one district's breaker must not keep the alarms of all others from the desk
        return None
    known = Alert.objects.filter(unique_id=spell.begins.unique_id, ds__gte=spell.begins.ds, ds__lte=spell.newest.ds).order_by("-ds").first()
    fresh = _fields(spell, advice, run_id)
    if known is None or (known.is_closed and known.last_ds < spell.newest.ds):
        begins = spell.begins.ds if known is None else spell.newest.ds  # closed, and the lamp spoke again: a new alert from that day
        return _open(spell, begins, key, fresh, run_id, at, done)
    if known.is_closed:
        done.same += 1
        Alert.objects.filter(pk=known.pk).update(last_run_id=run_id, is_lit=spell.is_lit)
        return None
    return _update(known, fresh, at, done)


def _open(spell: Spell, begins: date, key: Mapping[str, Any], fresh: dict[str, Any], run_id: str, at: datetime, done: TakenUp) -> Alert:
    name = spell.begins.unique_id
    alert = Alert.objects.create(
        id=uuid7(at, random.SystemRandom()),
        unique_id=name,
        ds=begins,
        indicator=key.get("indicator") or name.split("/")[0],
        region=_region(key.get("region")),
        series_zh=key.get("title_zh") or name,
        series_en=key.get("title_en") or name,
        run_id=run_id,
        taken_up_at=at,
        changed_at=at,
        **fresh,
    )
    audit("alert.opened", on=alert, by=None, at=at, run_id=run_id)
    emit("alert.opened", permission="alerts.view", region=alert.region, at=at, alert_id=alert.pk, level=alert.level)
    done.opened += 1
    return alert


def _update(alert: Alert, fresh: dict[str, Any], at: datetime, done: TakenUp) -> Alert | None:
    was = (alert.level, alert.last_ds, alert.is_lit)
    for name, value in fresh.items():
        setattr(alert, name, value)
    if (alert.level, alert.last_ds, alert.is_lit) == was:
        done.same += 1
        alert.save(update_fields=list(fresh))
        return alert if alert.decision_id is None else None
    alert.changed_at = at
    alert.save(update_fields=[*fresh, "changed_at"])
    audit("alert.changed", on=alert, by=None, at=at, level=alert.level, last_ds=alert.last_ds)
    emit("alert.changed", permission="alerts.view", region=alert.region, at=at, alert_id=alert.pk, level=alert.level)
    done.changed += 1
    return alert


def _fields(spell: Spell, advice: list[dict[str, Any]], run_id: str) -> dict[str, Any]:
    newest = spell.newest
    return {
        "level": newest.level,
        "rank": RANK[Level(newest.level)],
        "score": newest.score,
        "evidence": newest.evidence,
        "last_ds": newest.ds,
        "is_lit": spell.is_lit,
        "plan_id": next((a["plan_id"] for a in advice if a.get("plan_id")), ""),
        "advice": advice,
        "last_run_id": run_id,
    }


def _region(code: object) -> str:
    text = str(code or "")
    return text if len(text) == 6 and text.isdecimal() else ""


def _rows(lake: Lake, table: str, run_id: str) -> list[dict[str, Any]]:
    return lake.scan(table, run_id).collect().to_dicts() if lake.has(table, run_id) else []
