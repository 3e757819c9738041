"""After publication: outcomes are sealed, the desk takes up the alarms, breakers and the clock of objections are looked at, charts are asked for, and
the days' events go to the lake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from leye.kernel.errors import LeyeError
from leye.lake import Lake, open_lake
from leye.office.alerts.take_up import take_up_alerts
from leye.office.applications.clock import close_quiet
from leye.office.decisions.erase import erase_expired
from leye.office.decisions.refusals import BREAKER, GateRefused
from leye.office.entitlements.sealing import seal_marks
from leye.office.jobs.actions import ask_for
from leye.office.matches.sealing import seal_matches
from leye.office.nightly.demo_platform import link_demo_accounts, seal_dispatches
from leye.office.nightly.sealed_steps import seal_advice
from leye.office.objections.reminders import remind
from leye.office.objections.retention import erase_old_words
from leye.office.outbox.to_lake import write_days
from leye.office.promotion.delivery import deliver_all_due
from leye.office.promotion.outcomes import take_all_outcomes
from leye.office.prospects.sealing import seal_profiles
from leye.office.published import published_snapshot
from leye.office.registry.training import record_training
from leye.office.reports.actions import draft_of_the_night
from leye.office.reports.models import WEEKLY
from leye.office.review.drift_watch import watch_drift
from leye.office.review.forecast_drift import watch_forecast_drift
from leye.office.searches.telling import tell_searches
from leye.office.vacancies.expiry import look as look_at_vacancies

log = logging.getLogger("leye.nightly")


def tell(data: Path, run_id: str, on: date, at: datetime) -> None:
    """Everything that follows a published run. What the gate refuses does not keep the rest from happening; the first refusal is raised last."""
    lake = open_lake(data)
    record_training(lake, run_id, at=at)
    steps: list[Callable[[], object]] = [
        lambda: seal_advice(lake, run_id, at=at),
        lambda: take_up_alerts(lake, run_id, at=at),
        lambda: seal_marks(lake, run_id, data),
        lambda: seal_profiles(lake, run_id),
        lambda: seal_matches(lake, run_id),
    ]
    if _is_demo_city(data, lake, run_id):
        link_demo_accounts(data, on)
        steps.append(lambda: seal_dispatches(data, on, at=at))
    refused = [refusal for step in steps if (refusal := _refusal_of(step)) is not None]
    erase_expired(at)
    erase_old_words(at)
    watch_drift(at)
    watch_forecast_drift(lake, run_id, at)
    remind(at)
    look_at_vacancies(at)
    close_quiet(at)
    take_all_outcomes(at)
    deliver_all_due(at)
    tell_searches(at)
    draft_bulletin(data, on, at)
    ask_for("charts", at=at)
    write_days(data, at=at)
    if refused:
        raise refused[0]


def draft_bulletin(data: Path, on: date, at: datetime) -> None:
    """The weekly bulletin as a draft, on the weekday that the settings name. What it cannot say keeps nothing else of the night from happening."""
    snapshot = published_snapshot(data)
    if on.isoweekday() != settings.BULLETIN_WEEKDAY or snapshot is None or snapshot.manifest["notes"].get("kind") != "city":
        return
    try:
        draft_of_the_night(WEEKLY, snapshot, at=at)
    except LeyeError as error:
        log.warning("nightly.no_bulletin code=%s text=%s", error.code, error.en)


def _refusal_of(step: Callable[[], object]) -> GateRefused | None:
    try:
        step()
    except GateRefused as refused:
        if refused.code != BREAKER:
            return refused
        log.warning("nightly.held_by_breaker text=%s", refused.en)  # people stopped that machine: no failure of the night
    return None


def _is_demo_city(data: Path, lake: Lake, run_id: str) -> bool:
    return (data / "city" / "manifest.json").exists() and lake.manifest(run_id)["notes"].get("kind") == "city"
