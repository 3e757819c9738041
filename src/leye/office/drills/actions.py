"""Keep a replay, open a rehearsal of one of its lamps, tick its steps. Each: may they, change, audit, event – in one transaction."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from leye.kernel.errors import BadInput, Conflict
from leye.office.alerts.plans import shipped_plans
from leye.office.decisions.ledger import new_id
from leye.office.drills.models import Drill, DrillStep, Replay
from leye.office.grounds import account_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require

FOLDER = "replays"  # under the data folder: where `leye watch replay --out DATA/replays/NAME` leaves its result


def keep_replay(body: dict[str, Any], *, source: str, acting_user: Any, at: datetime) -> Replay:
    """Store a computed replay; the same one twice is kept once. body: of `leye.watch.replay.as_json`."""
    require(acting_user, "replays.make")
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    shock = date.fromisoformat(body["summary"]["shock"])
    with transaction.atomic():
        there = Replay.objects.filter(shock=shock, source=source, body_sha256=digest).first()
        if there is not None:
            return there
        kept = Replay.objects.create(
            id=new_id(at), shock=shock, source=source, body=json.loads(text), body_sha256=digest, made_by=acting_user, made_at=at
        )
        audit("replay.kept", on=kept, by=acting_user, at=at, source=source)
        emit("replay.changed", permission="replays.view", at=at, replay_id=kept.pk)
    return kept


def take_in(name: str, *, acting_user: Any, at: datetime) -> Replay:
    """Read what the command left in DATA/replays/NAME. Raises NotFound, BadInput when the file is none of the command's."""
    require(acting_user, "replays.make")
    if name not in waiting_folders():
        raise not_found()
    try:
        body = json.loads((Path(settings.LEYE_DATA) / FOLDER / name / "replay.json").read_text(encoding="utf-8"))
        rows, summary = body["rows"], body["summary"]
        date.fromisoformat(summary["shock"])
        assert isinstance(rows, list) and all(isinstance(r["unique_id"], str) for r in rows)
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise BadInput(
            f"{FOLDER}/{name}/replay.json 不是回放命令写的", en=f"{FOLDER}/{name}/replay.json was not written by the command",
            remedy_zh="重新运行 leye watch replay", remedy_en="run leye watch replay again", code="E_REPLAY_FILE",
        ) from error  # fmt: skip
    return keep_replay({"summary": summary, "rows": rows}, source=f"command:{name}", acting_user=acting_user, at=at)


def waiting_folders() -> list[str]:
    """Names of results of the command that lie in the data folder."""
    return sorted(file.parent.name for file in (Path(settings.LEYE_DATA) / FOLDER).glob("*/replay.json"))


def open_drill(replay_id: UUID, *, unique_id: str, acting_user: Any, at: datetime) -> Drill:
    """Rehearse the plan of one replayed lamp. Raises NotFound, Conflict when it never lit, opened no plan, or is rehearsed already."""
    require(acting_user, "replays.make")
    with transaction.atomic():
        found = Replay.objects.select_for_update().filter(pk=replay_id).first()
        if found is None or not found.is_visible_to(acting_user):
            raise not_found()
        row = next((r for r in found.body["rows"] if r["unique_id"] == unique_id), None)
        plan = shipped_plans().get((row or {}).get("plan_id") or "")
        if row is None or row["first"] is None or plan is None:
            raise Conflict(
                "这条序列在回放里没有亮灯，或没有对应的预案", en="it did not light in the replay, or no plan answers",
                remedy_zh="选一条有预案的", remedy_en="choose one with a plan", code="E_NO_DRILL",
            )  # fmt: skip
        if Drill.objects.filter(replay=found, unique_id=unique_id).exists():
            raise Conflict(
                "这条已经在演练了", en="it is rehearsed already", remedy_zh="刷新后接着做", remedy_en="reload and go on", code="E_DRILL_OPEN"
            )
        level = next(word for word in ("red", "orange", "yellow", "blue") if row[word] is not None)
        drill = Drill.objects.create(
            id=new_id(at), replay=found, unique_id=unique_id, lamp=level, lit_on=date.fromisoformat(row["first"]), plan_id=plan.id,
            plan_title=plan.title, opened_by=acting_user, opened_at=at,
        )  # fmt: skip
        DrillStep.objects.bulk_create(
            DrillStep(drill=drill, number=n, title=s.do, title_en=s.do_en, owner_role=s.owner, within_days=s.within_days)
            for n, s in enumerate(plan.steps, 1)
        )
        audit("drill.opened", on=drill, by=acting_user, at=at, plan_id=plan.id)
        emit("replay.changed", permission="replays.view", at=at, replay_id=found.pk)
    return drill


def tick_step(drill_id: UUID, *, number: int, note: str, acting_user: Any, at: datetime) -> DrillStep:
    """One rehearsed step done, with what was found out. Raises NotFound, BadInput (E_REASON), Conflict when it was done before."""
    require(acting_user, "replays.make")
    said = account_of(note, "演练发现", "what was found out")
    with transaction.atomic():
        step = DrillStep.objects.select_for_update(of=("self",)).select_related("drill__replay").filter(drill_id=drill_id, number=number).first()
        if step is None or not step.drill.replay.is_visible_to(acting_user):
            raise not_found()
        if step.done_at is not None:
            raise Conflict(f"第 {number} 步已经演练过了", en=f"step {number} is done already", remedy_zh="刷新后看下一步", remedy_en="reload")
        step.note, step.done_at, step.done_by = said, at, acting_user
        step.save(update_fields=["note", "done_at", "done_by"])
        audit("drill.step_done", on=step.drill, by=acting_user, at=at, number=number)
        emit("replay.changed", permission="replays.view", at=at, replay_id=step.drill.replay_id)
    return step
