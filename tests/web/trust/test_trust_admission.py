"""Admission: what the gate hears of a version, at once and in every process."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from leye.office.registry import actions, queries
from leye.office.registry.cards import features_of, reason_of, running_version
from leye.office.registry.models import Revision, Version
from leye.office.registry.queries import admission

AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_it_is_the_cards_declaration(register: Any) -> None:
    found = admission("platform.dispatch", "2025.8")
    assert found is not None
    assert (found.state, found.kind, found.risk, found.subject, found.retention_class, found.retention_years) == (
        "running", "dispatch", "high", "person", "years_3", 3
    )  # fmt: skip
    assert {"dispatch", "tier"} == found.purposes and {"zone", "distance_m"} <= found.features and "nearest" in found.reason_codes
    assert found.sandbox is None and found.expires_on is None and len(found.config_hash) == 64
    assert admission("platform.dispatch", "9") is None and admission("nix.da", "1") is None


@pytest.mark.django_db
def test_every_change_is_heard_at_once(register: Any, user_of: Any) -> None:
    version = Version.objects.get(algo="watch.scan")
    assert admission("watch.scan", "1.2").state == "running"  # type: ignore[union-attr]
    actions.suspend(version.pk, reason="数据口径变了", acting_user=user_of("admin"), at=AT)
    assert admission("watch.scan", "1.2").state == "suspended"  # type: ignore[union-attr]
    version.refresh_from_db()
    version.expires_on = date(2025, 12, 31)
    version.save()
    assert admission("watch.scan", "1.2").expires_on == date(2025, 12, 31)  # type: ignore[union-attr]


@pytest.mark.django_db
def test_it_is_read_once_a_revision(register: Any, django_assert_num_queries: Any) -> None:
    admission("watch.scan", "1.2")
    admission("nix.da", "1")
    with django_assert_num_queries(0):  # the revision is read past Django
        assert admission("watch.scan", "1.2") is not None
        assert admission("nix.da", "1") is None
    Revision.renew()
    with django_assert_num_queries(1):
        admission("watch.scan", "1.2")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_remembered(register: Any) -> None:
    version = Version.objects.get(algo="watch.scan")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        version.state = "blacklisted"
        version.save()
        assert admission("watch.scan", "1.2").state == "blacklisted"  # type: ignore[union-attr]
        raise ZeroDivisionError
    assert admission("watch.scan", "1.2").state == "running"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_another_process_changes_the_register(register: Any) -> None:
    """Another process is one that writes rows and a new token of its own; this one only has its memory."""
    assert admission("watch.scan", "1.2").state == "running"  # type: ignore[union-attr]
    raw: sqlite3.Connection = connection.connection
    raw.execute("UPDATE registry_version SET state = 'suspended' WHERE algo = 'watch.scan'")
    assert queries._kept["watch.scan", "1.2"].state == "running"  # type: ignore[union-attr]
    raw.execute("UPDATE registry_revision SET token = token + 1")
    assert admission("watch.scan", "1.2").state == "suspended"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_reasons_in_the_cards_words_with_figures(register: Any) -> None:
    said = reason_of("platform.dispatch", "2025.8", "nearest", basis="statement", distance_m=320)
    assert (said.zh, said.en) == ("同片区空闲的人里离取货点最近，320 米", "nearest of the idle in the zone, 320 m")
    assert "未报送" in reason_of("platform.dispatch", "2025.8", "nearest", basis="statement").zh
    assert reason_of("platform.dispatch", "2025.8", "nix", basis="b").code == "nix"
    assert queries.reason_of("platform.dispatch", "2025.8", "nix") is None
    hostile = reason_of("platform.dispatch", "2025.8", "nearest", basis="b", distance_m="{0.__class__}")
    assert "{0.__class__}" in hostile.zh, "figures are filled in, not read as templates"


@pytest.mark.django_db
def test_what_callers_ask(register: Any) -> None:
    assert running_version("watch.scan") == "1.2" and running_version("nix.da") == ""
    assert features_of("watch.advice", "1.0") == tuple(sorted(features_of("watch.advice", "1.0")))
    assert features_of("nix.da", "1") == ()
