"""Reads of personal files: cut to the purpose, recorded, sealed; nothing is read that was not recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from leye.kernel.decision import Subject
from leye.kernel.errors import BadInput, LeyeError, NotAllowed, NotFound
from leye.office.accounts.roles import Role
from leye.office.decisions.ledger import open_log
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.checks import first_false_read
from leye.office.privacy.models import ReadAccess
from leye.office.privacy.queries import ReadsAsked, all_reads, odd_patterns, own_reads, subject_id_of
from leye.office.privacy.reads import log_read, read_file
from leye.trust.privacy.purposes import purpose_called, purposes, read_purposes
from tests_support.decisions import AT
from tests_support.residents import ANN, ANN_ROW, BOB, write_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(settings: Any, own_data_folder: None) -> Path:
    """Ann and Bob."""
    return write_people(settings.LEYE_DATA)


@pytest.fixture
def counsellor(user_of: Callable[..., Any]) -> Any:
    """Of Ann's district."""
    return user_of("counsellor", region="440605", shown="陈专员")


def recorded() -> tuple[int, int, int, int]:
    return ReadAccess.objects.count(), AuditEntry.objects.count(), OutboxEvent.objects.count(), open_log().size()


def test_a_read_gives_the_purposes_columns_and_leaves_a_record(counsellor: Any) -> None:
    before = recorded()
    found = read_file(ANN, "case_work", counsellor, AT)
    assert found["name"] == "黄秀英" and found["phone"] == "13800138000"
    assert tuple(found) == purpose_called("case_work").columns
    assert "id_number" not in found, "a call needs no identity number"
    assert tuple(b - a for a, b in zip(before, recorded(), strict=True)) == (1, 1, 1, 1)
    row = ReadAccess.objects.get()
    assert (row.reader, row.reader_role, row.region, row.purpose, row.columns) == (counsellor, "counsellor", "440605", "case_work", list(found))
    assert subject_id_of(row) == ("person", ANN)


def test_no_copy_of_the_tables_or_the_log_names_the_person_or_a_value(counsellor: Any) -> None:
    read_file(ANN, "identity_check", counsellor, AT)
    row = ReadAccess.objects.get()
    leaf = open_log().record(row.leaf_index).decode()
    tables = json.dumps([list(AuditEntry.objects.values_list("detail", "object_id")), list(OutboxEvent.objects.values_list("payload"))], default=str)
    raw = json.dumps({f.name: str(getattr(row, f.attname)) for f in row._meta.fields}) + str(bytes(row.subject_sealed))
    for secret in (ANN, ANN_ROW["name"], ANN_ROW["phone"], ANN_ROW["id_number"], "1990-01-01"):
        assert str(secret) not in leaf + tables + raw
    assert row.subject_key not in leaf, "two reads of one person cannot be linked by the log"


REFUSED = [
    ("analyst", "", ANN, "case_work", None, NotAllowed, "E_PURPOSE_ROLE", "another role"),
    ("counsellor", "440605", ANN, "nosiness", None, BadInput, "E_PURPOSE", "no such purpose"),
    ("counsellor", "440605", ANN, "case_work", ["name", "id_number"], NotAllowed, "E_PURPOSE_COLUMN", "a column that it does not need"),
    ("counsellor", "440605", ANN, "case_work", [], NotAllowed, "E_PURPOSE_COLUMN", "no column"),
    ("counsellor", "440605", ANN, "case_work", ["password"], NotAllowed, "E_PURPOSE_COLUMN", "no such column"),
    ("counsellor", "440605", BOB, "case_work", None, NotFound, "E_NOT_FOUND", "another district"),
    ("counsellor", "440605", "P99999999", "case_work", None, NotFound, "E_NOT_FOUND", "nobody"),
    ("counsellor", "440605", "P' OR '1'='1", "case_work", None, NotFound, "E_NOT_FOUND", "an injection"),
    ("auditor", "", ANN, "decision_replay", None, NotAllowed, "E_PURPOSE_COLUMN", "a purpose that reads no file"),
    ("seeker", "", ANN, "own_data", None, NotFound, "E_NOT_FOUND", "an account without a link"),
]


@pytest.mark.parametrize(("role", "region", "person", "purpose", "columns", "kind", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_what_is_refused_reads_and_records_nothing(
    role: str, region: str, person: str, purpose: str, columns: Any, kind: type[LeyeError], code: str, why: str, user_of: Callable[..., Any]
) -> None:
    before = recorded()
    with pytest.raises(kind) as refused:
        read_file(person, purpose, user_of(role, region=region), AT, columns=columns)
    assert refused.value.code == code and refused.value.remedy_zh and refused.value.remedy_en
    assert recorded() == before


def test_another_district_and_nobody_are_told_apart_by_nothing(counsellor: Any) -> None:
    said = []
    for person in (BOB, "P99999999"):
        with pytest.raises(NotFound) as refused:
            read_file(person, "case_work", counsellor, AT)
        said.append(refused.value.as_dict())
    assert said[0] == said[1]


def test_a_person_reads_only_the_own_file(user_of: Callable[..., Any]) -> None:
    ann = user_of("seeker", subject=ANN)
    assert read_file(ANN, "own_data", ann, AT)["id_number"] == ANN_ROW["id_number"]
    with pytest.raises(NotFound):
        read_file(BOB, "own_data", ann, AT)
    with pytest.raises(NotAllowed):
        read_file(ANN, "case_work", ann, AT)


def test_fewer_columns_may_be_asked_for_and_only_they_are_recorded(counsellor: Any) -> None:
    assert read_file(ANN, "case_work", counsellor, AT, columns=["phone", "name"]) == {"phone": "13800138000", "name": "黄秀英"}
    assert ReadAccess.objects.get().columns == ["phone", "name"]


def test_a_city_without_a_column_knows_it_of_nobody(counsellor: Any, people: Path) -> None:
    pl.read_parquet(people).drop("phone").write_parquet(people)
    assert read_file(ANN, "case_work", counsellor, AT)["phone"] is None


def test_without_a_city_nobody_is_found(counsellor: Any, people: Path) -> None:
    people.unlink()
    with pytest.raises(NotFound):
        read_file(ANN, "case_work", counsellor, AT)


def test_reads_of_other_rooms_are_recorded_under_their_purpose(user_of: Callable[..., Any]) -> None:
    auditor = user_of("auditor")
    log_read(auditor, Subject("person", BOB), "decision_replay", ["zone"], AT)
    log_read(auditor, Subject("firm", "F00000003"), "decision_replay", ["staff"], AT)
    log_read(auditor, Subject("series", "postings/440600/H/all/all"), "decision_replay", ["y"], AT)
    assert [(r.subject_kind, r.region) for r in ReadAccess.objects.order_by("leaf_index")] == [("person", "440606"), ("firm", "")]
    with pytest.raises(NotAllowed):
        log_read(user_of("operator"), Subject("person", BOB), "decision_replay", ["zone"], AT)


def test_a_failed_read_leaves_no_half(counsellor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = recorded()
    monkeypatch.setattr("leye.office.privacy.reads.emit", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read_file(ANN, "case_work", counsellor, AT)
    assert recorded() == before


def test_the_record_can_only_grow(counsellor: Any) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    for statement in (
        "DELETE FROM privacy_readaccess",
        "UPDATE privacy_readaccess SET purpose = 'own_data'",
        "UPDATE privacy_readaccess SET at = at",
    ):
        with pytest.raises(DatabaseError, match="can only be added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_changed_removed_and_invented_reads_are_named(counsellor: Any) -> None:
    for _ in range(3):
        read_file(ANN, "case_work", counsellor, AT)
    rows = list(ReadAccess.objects.order_by("leaf_index"))
    assert first_false_read() is None
    with guards_off():
        ReadAccess.objects.filter(pk=rows[1].pk).update(purpose="identity_check")
        found = first_false_read()
        assert found is not None and (found["index"], found["kind"]) == (rows[1].leaf_index, "read_row")
        ReadAccess.objects.filter(pk=rows[1].pk).update(purpose="case_work")
        ReadAccess.objects.filter(pk=rows[0].pk).delete()
        found = first_false_read()
        assert found is not None and found["index"] == rows[0].leaf_index
        rows[0].save(force_insert=True)
        rows[0].pk, rows[0].leaf_index = type(rows[0].pk)(int=5), 10_000
        rows[0].save(force_insert=True)
        found = first_false_read()
        assert found is not None and found["index"] == 10_000


class guards_off:
    """What somebody with the database file does first."""

    def __enter__(self) -> None:
        from importlib import import_module

        self.guards = import_module("leye.office.privacy.migrations.0002_append_only")
        with connection.cursor() as cursor:
            for statement in self.guards.UNDO[connection.vendor]:
                cursor.execute(statement)

    def __exit__(self, *args: object) -> None:
        with connection.cursor() as cursor:
            for statement in self.guards.DO[connection.vendor]:
                cursor.execute(statement)


def test_filters_of_the_record(user_of: Callable[..., Any], counsellor: Any) -> None:
    auditor, other = user_of("auditor"), user_of("counsellor", "other", region="440606")
    read_file(ANN, "case_work", counsellor, AT)
    read_file(BOB, "identity_check", counsellor, AT + timedelta(days=1))
    read_file(BOB, "case_work", other, AT + timedelta(days=2))

    def n(**asked: Any) -> int:
        return all_reads(auditor, ReadsAsked(**asked)).count()

    day = AT.date()
    assert (n(), n(reader="other"), n(subject=BOB), n(purpose="case_work"), n(elsewhere=True)) == (3, 1, 2, 2, 1)
    assert (n(since=day + timedelta(days=1)), n(until=day), n(since=day, until=day)) == (2, 1, 1)
    moved = user_of("seeker", "moved", subject=ANN, region="440606")
    read_file(ANN, "own_data", moved, AT + timedelta(days=3))
    assert n(elsewhere=True) == 1, "whoever moved and reads the own file is no stranger to it"
    assert [r.is_elsewhere for r in all_reads(auditor, ReadsAsked())] == [False, False, True, False], "the row says what the filter says"
    assert own_reads(moved).count() == 2
    assert own_reads(user_of("worker", subject=BOB)).count() == 2
    assert own_reads(user_of("provider")).count() == 0
    with pytest.raises(NotAllowed):
        all_reads(counsellor, ReadsAsked())


INJECTIONS = ["' OR 1=1 --", "x'; DROP TABLE privacy_readaccess; --", '" OR ""="', "%", "_", "\\", "1) UNION SELECT 1", "\x00", "😀" * 50, "a" * 5000]


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
@pytest.mark.parametrize("field", ["reader", "subject", "purpose", "since", "until", "elsewhere", "page"])
def test_no_filter_can_be_injected(field: str, text: str, signed_in: Callable[..., Any], counsellor: Any) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    answer = signed_in("auditor").get("/reads", {field: text})
    assert answer.status_code == 200
    if field in {"reader", "subject", "purpose"}:
        assert "没有这样的读取" in answer.content.decode(), "nothing fits, rather than everything"
    assert ReadAccess.objects.count() == 1
    csv = signed_in("admin").get("/reads.csv", {field: text})
    assert csv.status_code == 200


def test_hints_at_many_files_and_at_other_districts(user_of: Callable[..., Any], counsellor: Any, settings: Any) -> None:
    auditor = user_of("auditor")
    more = [f"P{i:08d}" for i in range(100, 125)]
    write_people(settings.LEYE_DATA, *(ANN_ROW | {"person_id": name} for name in more))
    for i, name in enumerate(more):  # 25 files in 50 minutes, across the hour of the clock
        read_file(name, "case_work", counsellor, AT + timedelta(minutes=30 + 2 * i))
    slow = user_of("counsellor", "slow", region="440605")
    for i, name in enumerate(more):  # the same files, five an hour
        read_file(name, "case_work", slow, AT + timedelta(minutes=12 * i))
    again = user_of("counsellor", "again", region="440605")
    for i in range(30):  # one file, over and over
        read_file(ANN, "case_work", again, AT + timedelta(minutes=i))
    read_file(BOB, "identity_check", slow, AT)
    read_file(ANN, "own_data", user_of("seeker", subject=ANN, region="440606"), AT)
    found = odd_patterns(auditor, at=AT + timedelta(days=1))
    assert [(o.kind, o.reader, o.n) for o in found] == [("many_files", counsellor.username, 25), ("elsewhere", "slow", 1)]
    assert odd_patterns(auditor, at=AT + timedelta(days=40)) == []


def test_every_purpose_is_based_on_something_and_columns_exist() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/city.md").read_text(encoding="utf-8")
    section = page.split("### people")[1].split("### households")[0]
    columns = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")}
    assert set(purpose_called("own_data").columns) == columns, "a person sees everything that is held of them"
    for purpose in purposes().values():
        assert purpose.basis_zh and purpose.basis_en and purpose.mark in {"read", "secondary", "memory"}
        assert purpose.roles <= set(Role)
        assert set(purpose.columns) < columns or purpose.code == "own_data", "least data: no purpose but one's own needs everything"


@pytest.mark.parametrize("text", ["purposes: []", "columns: {}\npurposes: [{code: x}]", "columns: {a: [b]}\npurposes: 7"])
def test_a_broken_pack_is_said_to_be_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(BadInput) as refused:
        read_purposes(tmp_path / "p.yaml")
    assert refused.value.code == "E_PACK"
