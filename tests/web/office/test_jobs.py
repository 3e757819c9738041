"""Jobs: the row is the truth, the queue only wakes the worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, LeyeError, NotFound
from leye.office.jobs import actions, nightly_job, queries
from leye.office.jobs import queue as queue_module
from leye.office.jobs.models import JobRun, JobState
from leye.office.jobs.perform import perform

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)


def works(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """A handler that does something."""
    report_progress("算到一半", 0.5)
    return {"doubled": params["n"] * 2}


def refuses(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """A handler that says no."""
    raise BadInput("第 14 行要数字", remedy_zh="改成数字")


def breaks(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """A handler with a fault."""
    raise ZeroDivisionError("secret 440605199001011234")


@pytest.fixture(autouse=True)
def handlers(settings: Any) -> None:
    settings.JOB_HANDLERS = {kind.__name__: f"{__name__}.{kind.__name__}" for kind in (works, refuses, breaks)}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """Ids that reached the queue."""
    ids: list[uuid.UUID] = []
    monkeypatch.setattr(queue_module, "tell_worker", ids.append)
    return ids


@pytest.mark.django_db
def test_a_job_is_done_and_says_what_came_of_it() -> None:
    job = actions.ask_for("works", {"n": 21}, at=AT)
    perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.step, job.share, job.attempts) == (JobState.DONE, {"doubled": 42}, "算到一半", 0.5, 1)
    perform(job.pk)
    assert JobRun.objects.get(pk=job.pk).attempts == 1, "what is done is not done again"


@pytest.mark.django_db
def test_a_refusal_is_kept_in_its_own_words() -> None:
    job = actions.ask_for("refuses", at=AT)
    perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["zh"], job.error["remedy_zh"]) == (JobState.FAILED, "第 14 行要数字", "改成数字")


@pytest.mark.django_db
def test_a_fault_takes_no_worker_down_and_shows_no_secrets() -> None:
    job = actions.ask_for("breaks", at=AT)
    perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == (JobState.FAILED, "E_INTERNAL")
    assert "440605199001011234" not in str(job.error)


@pytest.mark.django_db
def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="没有这种任务"):
        actions.ask_for("nix")


@pytest.mark.django_db
def test_asking_twice_makes_one_job_while_it_waits(user_of: Callable[..., Any]) -> None:
    one = actions.ask_for("works", {"n": 1}, by=user_of("admin"), at=AT)
    assert actions.ask_for("works", {"n": 1}, at=AT) == one
    assert actions.ask_for("works", {"n": 2}, at=AT) != one
    perform(one.pk)
    assert actions.ask_for("works", {"n": 1}, at=AT) != one


@pytest.mark.django_db
def test_the_queue_hears_of_it_after_commit_only(told: list[uuid.UUID], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.ask_for("works", {"n": 1}, at=AT)
        assert told == []
    assert told == [job.pk]


@pytest.mark.django_db
def test_a_job_that_cannot_be_queued_is_found_later(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    def broken(job_id: uuid.UUID) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(queue_module, "tell_worker", broken)
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.ask_for("works", {"n": 1}, at=AT)
    assert actions.forgotten(at=AT + timedelta(seconds=10)) == [], "the queue may only be slow"
    assert actions.forgotten(at=AT + timedelta(seconds=31)) == [job.pk]


@pytest.mark.django_db
def test_what_a_dead_worker_was_doing_waits_again_but_not_for_ever() -> None:
    job = actions.ask_for("works", {"n": 1}, at=AT)
    for attempt in range(1, actions.MOST_ATTEMPTS + 1):
        begun = actions.begin(job.pk, at=AT)
        assert begun is not None
        assert begun.attempts == attempt
        actions.take_up_interrupted(at=AT)
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == (JobState.FAILED, "E_JOB_INTERRUPTED")


@pytest.mark.django_db
def test_only_one_worker_begins_a_job() -> None:
    job = actions.ask_for("works", {"n": 1}, at=AT)
    assert actions.begin(job.pk, at=AT) is not None
    assert actions.begin(job.pk, at=AT) is None


@pytest.mark.django_db(transaction=True)
def test_the_real_queue_carries_the_id(settings: Any) -> None:
    settings.LEYE_DATA.mkdir(parents=True)
    job = actions.ask_for("works", {"n": 4}, at=AT)
    queue = queue_module.open_queue(settings.LEYE_DATA / "jobs.sqlite3")
    task = queue.dequeue()
    assert task is not None
    queue.execute(task)
    assert JobRun.objects.get(pk=job.pk).result == {"doubled": 8}


@pytest.mark.django_db
def test_a_job_by_its_number() -> None:
    job = actions.ask_for("works", {"n": 1}, at=AT)
    assert queries.job_called(str(job.pk)) == job
    assert queries.newest_jobs(kind="works") == [job]
    for wrong in ("nix", str(uuid.uuid4())):
        with pytest.raises(NotFound):
            queries.job_called(wrong)


ANSWERED = [
    ('{"published": {"run_id": "r"}}', 0, "r", "published"),
    ('{"error": {"zh": "没有数据", "code": "E_NO_INPUT"}}', 2, "E_NO_INPUT", "refused"),
    ("", -9, "E_NIGHTLY", "killed"),
]


@pytest.mark.parametrize(("text", "code", "expected", "why"), ANSWERED, ids=[a[-1] for a in ANSWERED])
def test_what_the_nightly_said(text: str, code: int, expected: str, why: str) -> None:
    if code == 0:
        assert nightly_job._answer(text, code) == {"run_id": expected}
        return
    with pytest.raises(LeyeError) as refused:
        nightly_job._answer(text, code)
    assert refused.value.code == expected
    assert refused.value.remedy_zh


def test_every_shipped_handler_exists() -> None:
    from django.utils.module_loading import import_string

    from leye.office import settings as shipped

    for kind, path in shipped.JOB_HANDLERS.items():
        assert callable(import_string(path)), kind
