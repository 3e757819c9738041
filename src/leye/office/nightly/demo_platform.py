"""The demo city's platform hands in what its dispatcher decided on the city's last day, and the demo accounts get somebody to stand for.

Outcomes of everybody go through the gate as a batch, one leaf a worker; those of workers who have an account here one by one, so that each order
can be replayed and objected to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.clock import BEIJING
from leye.kernel.decision import Decision, InputValue, Outcome, Subject
from leye.lake import open_lake
from leye.office.accounts.models import User
from leye.office.accounts.roles import Role
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.gate import decide_many
from leye.office.decisions.models import Decision as Row
from leye.office.registry.cards import features_of, reason_of, running_version
from leye.trust.subtree import Mark

ALGO, PURPOSE = "platform.dispatch", "dispatch"
KNOWN_DAYS = 14  # of orders that a demo city holds


def link_demo_accounts(data: Path, on: date) -> int:
    """Give demo accounts without a subject one of the city: a rider of the account's district, a registered unemployed, a firm, and a counsellor of
    the grids. Returns how many."""
    done = 0
    for user in User.objects.filter(is_demo=True, subject="", role__in=[Role.WORKER, Role.SEEKER, Role.EMPLOYER, Role.COUNSELLOR]):
        subject = _stand_in(data, user, on)
        if subject:
            user.subject = subject
            user.save(update_fields=["subject"])
            done += 1
    return done


def _stand_in(data: Path, user: User, on: date) -> str | None:
    city = data / "city"
    region = f"CN-{user.region}" if user.region else ""
    if user.role == Role.EMPLOYER:
        return _first(pl.scan_parquet(city / "firms.parquet").sort("staff", descending=True), "firm_id", pl.col("region").str.ends_with(user.region))
    if user.role == Role.COUNSELLOR:
        grids = city / "grids.parquet"
        return _first(pl.scan_parquet(grids).sort("grid_id"), "counsellor_id", pl.col("region") == user.region) if grids.exists() else None
    people = pl.scan_parquet(city / "people.parquet").select("person_id", "region", "employment_status", "worker_id", "sex")
    near = pl.col("region").is_in([region, user.region])
    if user.role == Role.SEEKER:
        jobless = near & (pl.col("employment_status") == "unemployed")
        return _first(people.join(_asked(data), on="person_id"), "person_id", jobless) or _first(people, "person_id", jobless)
    busy = _orders(data, on).group_by("worker_id").len().sort("len", "worker_id", descending=[True, False])
    return _first(busy.join(people, on="worker_id"), "person_id", near & (pl.col("sex") == "F"))


def _asked(data: Path) -> pl.LazyFrame:
    """Residents of whom one answer is wanted, so that the demo seeker has a question to answer."""
    lake = open_lake(data)
    if not lake.has("push"):
        return pl.LazyFrame(schema={"person_id": pl.String})
    wanted = (pl.col("verdict") == "unknown") & pl.col("counsellor_id").is_not_null()
    return lake.scan("push").filter(wanted).select("person_id").unique(maintain_order=True)


def _first(table: pl.LazyFrame, column: str, where: pl.Expr) -> str | None:
    found = table.filter(where).select(column).head(1).collect()
    return str(found.item()) if found.height else None


def seal_dispatches(data: Path, on: date, *, at: datetime) -> int:
    """Seal the dispatches of the day, once a city and day; returns how many outcomes. Raises GateRefused."""
    run_id = f"dispatch-{on.isoformat()}"
    if not (data / "city" / "orders.parquet").exists() or Row.objects.filter(run_id=run_id).exists():
        return 0
    version = running_version(ALGO)
    run = BatchRun(ALGO, version, PURPOSE, features_of(ALGO, version), run_id, at)
    workers = _by_worker(data, on)
    linked = set(User.objects.exclude(subject="").values_list("subject", flat=True))
    single = [_decision(w, o, run) for w, orders in workers.items() if w in linked for o in orders]
    decide_many(single)
    return len(single) + decide_batch(run, _batch(workers, linked)).outcomes


def _by_worker(data: Path, on: date) -> dict[str, list[dict[str, Any]]]:
    """Person -> orders of the day by time, each with the idle seconds before it and the worker's orders of the known days."""
    recent = _orders(data, on, days=KNOWN_DAYS)
    counted = recent.group_by("worker_id").agg(pl.len().alias("orders_30d"))
    idle = (pl.col("created_at") - pl.col("done_at").shift(1).over("worker_id")).dt.total_seconds().alias("idle_s")
    workers = pl.scan_parquet(data / "city" / "workers.parquet").select("worker_id", "person_id")
    people = pl.scan_parquet(data / "city" / "people.parquet").select("person_id", "sex", "birth")
    table = _orders(data, on).sort("worker_id", "created_at").with_columns(idle).join(counted, on="worker_id").join(workers, on="worker_id")
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.join(people, on="person_id").sort("person_id", "created_at").collect().iter_rows(named=True):
        rows.setdefault(row["person_id"], []).append(row)
    return rows


def _orders(data: Path, on: date, days: int = 1) -> pl.LazyFrame:
    end = datetime(on.year, on.month, on.day, tzinfo=BEIJING).astimezone(UTC) + timedelta(days=1)
    at = pl.col("created_at")
    return pl.scan_parquet(data / "city" / "orders.parquet").filter(at >= end - timedelta(days=days), at < end)


def _decision(person: str, order: dict[str, Any], run: BatchRun) -> Decision:
    inputs = _seen(order)
    code = _code(order)
    return Decision(
        algo=run.algo,
        version=run.version,
        subject=Subject("person", person),
        purpose=run.purpose,
        outcome=_outcome(order),
        reasons=(reason_of(run.algo, run.version, code, basis=f"statement:{run.algo}", **inputs),),
        features=tuple(sorted(set(inputs) & set(run.features))),
        inputs=inputs | {"order_id": order["order_id"]},
        at=order["accepted_at"],
        region=order["zone"][:6],
        protected=_protected(order, run.at),
    )


def _batch(workers: dict[str, list[dict[str, Any]]], linked: set[str]) -> Iterator[PersonMarks]:
    for person, orders in workers.items():
        if person not in linked:
            marks = tuple(Mark(o["order_id"], _outcome(o), (_code(o),)) for o in orders)
            inputs: dict[str, InputValue] = {o["order_id"]: dict(_seen(o)) for o in orders}
            yield PersonMarks(Subject("person", person), marks, inputs, _protected(orders[0], orders[0]["accepted_at"]))


def _outcome(order: dict[str, Any]) -> Outcome:
    wait_s = (order["accepted_at"] - order["created_at"]).total_seconds()
    return Outcome("offered_premium" if order["tier"] == "premium" else "offered", -wait_s, order["pay_fen"])


def _code(order: dict[str, Any]) -> str:
    """What the platform says; whether it is so is what audits ask."""
    if order["tier"] == "premium":
        return "tier_line_met"
    return "tier_line_missed" if _idle(order) is None else "waited_longest"


def _idle(order: dict[str, Any]) -> float | None:
    """Seconds since the order before was done; None for the first of the day, and where two overlapped."""
    found = order["idle_s"]
    return found if found is not None and found >= 0 else None


def _seen(order: dict[str, Any]) -> dict[str, InputValue]:
    """Features of one order that the platform hands in; what is not known is left out."""
    seen: dict[str, InputValue] = {
        "platform": order["platform"],
        "zone": order["zone"],
        "hour": order["created_at"].astimezone(BEIJING).hour,
        "orders_30d": order["orders_30d"],
        "tier": order["tier"],
        "pay_fen": order["pay_fen"],
    }
    return seen if _idle(order) is None else seen | {"idle_s": _idle(order)}


def _protected(order: dict[str, Any], at: datetime) -> dict[str, str]:
    """What audits group by. Bands of the working ages; an unknown fact is left out."""
    born, found = order["birth"], {"sex": order["sex"]} if order["sex"] else {}
    if born is not None:
        age = (at.date() - born).days // 365.2425
        found["age_band"] = "16-24" if age < 25 else "25-44" if age < 45 else "45-59" if age < 60 else "60+"
    return found
