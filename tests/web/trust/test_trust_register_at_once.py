"""Two keepers at the same moment: one step happens, the other hears of it; nothing is half done and nothing waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings

from leye.kernel.errors import Conflict, LeyeError
from leye.office.decisions.gate import decide
from leye.office.registry import actions, registering, sandboxes
from leye.office.registry.models import Signature, Transition, Version
from leye.trust.registry.sandbox import Metric, Plan
from tests_support.at_once import at_once
from tests_support.cards import card_text, code
from tests_support.decisions import an_offer

AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)
WHY = "按年度计划办理"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="row locks: PostgreSQL"),
]


def test_one_card_handed_in_by_six_desks_is_registered_once(user_of: Any) -> None:
    desks = [user_of("operator", f"desk{i}") for i in range(6)]
    found = at_once([lambda d=d: registering.register_version(card_text(), code(), file="c", acting_user=d, at=AT) for d in desks])
    assert sum(isinstance(f, Version) for f in found) == 1, found
    assert sum(isinstance(f, Conflict) and f.code == "E_REGISTRY_THERE" for f in found) == 5, found
    assert (Version.objects.count(), Transition.objects.count()) == (1, 1)


def test_one_side_signs_once(user_of: Any) -> None:
    desks = [user_of("operator", f"desk{i}") for i in range(5)]
    version = registering.register_version(card_text(), code(), file="c", acting_user=desks[0], at=AT)
    actions.assess(version.pk, reason=WHY, acting_user=desks[0], at=AT)
    found = at_once([lambda d=d: actions.sign(version.pk, acting_user=d, at=AT) for d in desks])
    assert sum(isinstance(f, Signature) for f in found) == 1 and Signature.objects.count() == 1, found
    assert all(isinstance(f, Signature) or (isinstance(f, LeyeError) and f.code == "E_REGISTRY_SIGNED") for f in found), found


def test_decisions_metrics_and_steps_do_not_wait_for_each_other_for_ever(register: Any, user_of: Any) -> None:
    admin, auditor = user_of("admin", "chief"), user_of("auditor", "union", mandate="职工代表")
    version = registering.register_version(card_text(), code(), file="c", acting_user=admin, at=AT)
    actions.assess(version.pk, reason=WHY, acting_user=admin, at=AT)
    plan = Plan(9, date(2026, 8, 1), (Metric("complaints", "投诉率", "complaints", 0.5, True),))
    sandboxes.set_sandbox(version.pk, plan, acting_user=admin, at=AT)
    for who in (admin, auditor):
        actions.sign(version.pk, acting_user=who, at=AT)
    actions.launch(version.pk, reason=WHY, acting_user=admin, at=AT)
    watch = Version.objects.get(algo="watch.scan")
    works: list[Callable[[], Any]] = [
        *(lambda i=i: decide(an_offer(f"P{i:08d}")) for i in range(4)),
        *(lambda v=v: sandboxes.record_metric(version.pk, "complaints", v, acting_user=auditor, at=AT) for v in (0.1, 0.2, 0.9, 0.8)),
        lambda: actions.suspend(watch.pk, reason=WHY, acting_user=admin, at=AT),
        lambda: registering.register_version(card_text(algo="other.one", config={"BORDER": 2, "k": 1}), code(), file="c", acting_user=admin, at=AT),
    ]
    found = at_once(works)
    assert all(f is not None for f in found), "somebody is still waiting"
    assert not [f for f in found if isinstance(f, Exception) and not isinstance(f, LeyeError)], found
    assert Version.objects.get(pk=version.pk).state == "suspended"
