"""Keys of fields: drawn once, never silently twice, rotated without losing a row whatever happens in the middle."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from leye.kernel.errors import BadInput
from leye.office.decisions.evidence import opened, opened_protected
from leye.office.decisions.gate import decide_many
from leye.office.decisions.models import Evidence, Protected, SealedEvent
from leye.office.privacy import rotation
from leye.office.privacy.encrypted import COLUMNS, EncryptedColumn, register
from leye.office.privacy.keyring import PURPOSES, change_keys, fresh_key, kept_keys, key_file, keyring
from leye.trust.privacy.fieldkeys import FieldDamaged, FieldKey
from tests_support.city import clean_environment, leye
from tests_support.decisions import AT, an_offer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def decided(register: Any) -> list[Any]:
    """Seven decisions with evidence and protected attributes."""
    return [s.decision_id for s in decide_many([an_offer(f"P{i:08d}") for i in range(7)])]


def all_open(names: list[Any]) -> bool:
    return all(
        (seen := opened(name)) is not None and seen.subject.id == f"P{i:08d}" and opened_protected(name) == {"sex": "F", "age_band": "25-44"}
        for i, name in enumerate(names)
    )


def test_the_file_is_private_and_drawn_once() -> None:
    first = keyring("reads").keys
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert keyring("reads").keys == first
    assert sorted(kept_keys()) == sorted(PURPOSES)
    assert len({row["secret"] for rows in kept_keys().values() for row in rows}) == len(PURPOSES), "every purpose has its own"


def test_purposes_do_not_open_each_other() -> None:
    sealed = keyring("reads").encrypt(b"x", b"row")
    with pytest.raises(FieldDamaged):
        keyring("requests").decrypt(sealed, b"row")
    with pytest.raises(KeyError):
        keyring("nonsense")


def test_a_file_that_others_may_read_is_refused() -> None:
    keyring("reads")
    key_file().chmod(0o644)
    change = key_file().read_text()
    key_file().unlink()
    key_file().write_text(change)
    key_file().chmod(0o640)
    with pytest.raises(BadInput) as refused:
        keyring("reads")
    assert refused.value.code == "E_KEY" and "chmod 600" in refused.value.remedy_zh


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reads": 7}', '{"reads": [{"algorithm": "aes-256-gcm", "secret": "zz"}]}', '{"reads": []}'])
def test_a_damaged_file_is_said_to_be_so(text: str) -> None:
    keyring("reads")
    key_file().write_text(text)
    with pytest.raises(BadInput) as refused:
        keyring("reads")
    assert refused.value.code == "E_KEY"


def test_a_replaced_file_is_seen_by_a_running_process() -> None:
    before = keyring("reads")
    change_keys(lambda kept: kept["reads"].insert(0, fresh_key("sm4-gcm")))
    after = keyring("reads")
    assert after.keys[0].algorithm == "sm4-gcm" and after.keys[1:] == before.keys


def test_a_purpose_of_a_newer_version_gets_its_key() -> None:
    keyring("reads")
    change_keys(lambda kept: kept.pop("requests"))
    assert keyring("requests").keys
    assert keyring("requests").keys == keyring("requests").keys


def test_production_does_not_draw_over_lost_keys(decided: list[Any], settings: Any) -> None:
    settings.LEYE_MODE = "production"
    kept = key_file().read_text()
    key_file().unlink()
    with pytest.raises(BadInput) as refused:
        keyring("reads")
    assert refused.value.code == "E_KEY_GONE"
    assert not key_file().exists(), "nothing was drawn"
    key_file().write_text(kept)
    key_file().chmod(0o600)
    assert all_open(decided)


def test_starting_over_is_said_and_sealed(decided: list[Any], settings: Any) -> None:
    settings.LEYE_MODE = "production"
    with pytest.raises(BadInput):
        rotation.start_over(AT)
    key_file().unlink()
    rotation.start_over(AT)
    assert SealedEvent.objects.get(kind="keys.started_over").payload == {"lost": True}
    with pytest.raises(FieldDamaged):
        opened(decided[0])


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
def test_a_rotation_loses_nothing(decided: list[Any], algorithm: str) -> None:
    old = keyring("decision_evidence").keys[0]
    done = rotation.rotate_keys("decision_evidence", algorithm=algorithm, at=AT)
    ring = keyring("decision_evidence")
    assert (done.rows, done.damaged, done.destroyed, done.waiting) == (7, [], [], [old.key_id.hex()])
    assert ring.keys[0].algorithm == algorithm and ring.keys[1] == old
    assert all(ring.is_current(bytes(row.sealed)) for row in Evidence.objects.all())
    assert not any(ring.is_current(bytes(row.sealed)) for row in Protected.objects.all()), "another purpose is left alone"
    assert all_open(decided)
    assert SealedEvent.objects.get(kind="keys.rotated").payload["rows"] == 7


def test_an_old_key_goes_when_its_grace_is_over_and_not_before(decided: list[Any]) -> None:
    old = keyring("protected").keys[0].key_id.hex()
    rotation.rotate_keys("protected", algorithm="aes-256-gcm", at=AT)
    assert rotation.rotate_keys("protected", algorithm="aes-256-gcm", at=AT + DAY / 2, finish_only=True).destroyed == []
    assert rotation.rotate_keys("protected", algorithm="aes-256-gcm", at=AT + DAY, finish_only=True).destroyed == [old]
    assert len(keyring("protected").keys) == 1
    assert all_open(decided)


def test_a_key_that_a_row_needs_is_never_destroyed(decided: list[Any]) -> None:
    stale = keyring("decision_evidence")  # a writer that read the ring before the rotation
    rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT)
    row = Evidence.objects.get(pk=decided[3])
    clear = keyring("decision_evidence").decrypt(bytes(row.sealed), decided[3].bytes)
    Evidence.objects.filter(pk=decided[3]).update(sealed=stale.encrypt(clear, decided[3].bytes))  # and commits after it
    done = rotation.Rotated("decision_evidence")
    rotation.destroy_unused("decision_evidence", AT + 30 * DAY, rotation.GRACE, done)
    assert (done.destroyed, len(done.waiting)) == ([], 1)
    later = rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT + 30 * DAY)
    assert (later.new_key, later.rows, len(later.destroyed)) == ("", 1, 1), "what was left over is finished before another key is drawn"
    assert all_open(decided)


def test_a_damaged_row_is_named_and_the_rest_goes_on(decided: list[Any]) -> None:
    old = keyring("decision_evidence").keys[0].key_id.hex()
    sealed = bytearray(Evidence.objects.get(pk=decided[2]).sealed)
    sealed[-1] ^= 1
    Evidence.objects.filter(pk=decided[2]).update(sealed=bytes(sealed))
    done = rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT)
    assert done.damaged == [f"decision_evidence:{decided[2]}"] and done.rows == 6
    later = rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT + 30 * DAY, finish_only=True)
    assert later.waiting == [old], "its key stays: it may yet be mended from a backup"
    assert all(opened(name) for name in decided if name != decided[2])


def test_moved_and_foreign_ciphertexts_are_refused_by_a_rotation_too(decided: list[Any]) -> None:
    a, b = (bytes(Evidence.objects.get(pk=name).sealed) for name in decided[:2])
    Evidence.objects.filter(pk=decided[0]).update(sealed=b)
    Evidence.objects.filter(pk=decided[1]).update(sealed=a)
    with pytest.raises(FieldDamaged):
        opened(decided[0])
    done = rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT)
    assert len(done.damaged) == 2, "a rotation does not launder what was moved"


def test_batches_cover_every_row(decided: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    assert rotation.rotate_keys("decision_evidence", algorithm="aes-256-gcm", at=AT).rows == 7
    assert rotation.rows_behind("decision_evidence") == 0


def test_wrong_purposes_and_algorithms_are_refused() -> None:
    for purpose, algorithm in (("nonsense", "aes-256-gcm"), ("reads", "rot13")):
        with pytest.raises(BadInput) as refused:
            rotation.rotate_keys(purpose, algorithm=algorithm, at=AT)
        assert refused.value.code == "E_KEY" and refused.value.remedy_en


def test_every_binary_column_of_the_office_is_known_to_the_rotation() -> None:
    known = {(c.model.lower(), c.column) for c in COLUMNS}
    assert {c.purpose for c in COLUMNS} <= set(PURPOSES)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.BinaryField) and model.__module__.startswith("leye."):
                assert (model._meta.label_lower, field.name) in known, f"{model._meta.label}.{field.name} would be lost by a rotation"
    before = list(COLUMNS)
    register(before[0])
    assert before == COLUMNS


def test_a_column_names_its_rows() -> None:
    column = EncryptedColumn("reads", "privacy.ReadAccess", "subject_sealed", lambda pk: pk.bytes)
    assert column.manager.model._meta.db_table == "privacy_readaccess"
    with transaction.atomic():
        assert rotation.uses("reads", b"\x01\x01abcd") == 0


SEED = """
import django, sys; django.setup()
from leye.office.privacy.keyring import keyring
from leye.office.privacy.models import DataRequest
from leye.office.accounts.models import User
from leye.kernel.ids import uuid7
from datetime import datetime, timedelta, UTC
import random
who, at, dice, rows = User.objects.get(username="seeker"), datetime(2025, 9, 1, tzinfo=UTC), random.Random(5), []
for i in range(3000):
    name = uuid7(at + timedelta(seconds=i), dice)
    rows.append(DataRequest(id=name, kind="correct", asked_by=who, subject_key=f"{i:064d}", column="phone", at=at, due=at,
        words_sealed=keyring("requests").encrypt(f"words {i}".encode(), name.bytes)))
DataRequest.objects.bulk_create(rows)
"""
CHECK = """
import django, json; django.setup()
from leye.office.privacy.keyring import keyring
from leye.office.privacy.models import DataRequest
from leye.office.privacy.rotation import rows_behind
ring = keyring("requests")
said = [ring.decrypt(bytes(r.words_sealed), r.pk.bytes).decode() for r in DataRequest.objects.order_by("subject_key")]
print(json.dumps({"ok": said == [f"words {i}" for i in range(3000)], "keys": len(ring.keys), "behind": rows_behind("requests")}))
"""


def run(code: str, data: Path) -> str:
    env = clean_environment(data) | {"DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    return subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True, timeout=120).stdout


ROTATE = """
import django; django.setup()
from datetime import datetime, UTC
from leye.office.privacy import rotation
rotation.BATCH = 20
rotation.rotate_keys("requests", algorithm="sm4-gcm", at=datetime(2025, 9, 2, tzinfo=UTC))
"""


def test_killed_in_the_middle_nothing_is_lost(tmp_path: Path) -> None:
    data = tmp_path / "folder"
    leye("trust", "keys", "--data", str(data), data=data)
    run(SEED, data)
    env = clean_environment(data) | {"DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    first, dice, cut = newest_key(data), random.Random(7), 0
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", ROTATE], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        want = dice.randint(1, 500) + (rows_under(data, newest_key(data)) if newest_key(data) != first else 0)
        while child.poll() is None and (newest_key(data) == first or rows_under(data, newest_key(data)) < want):
            time.sleep(0.005)
        child.kill()  # SIGKILL
        child.wait()
        said = json.loads(run(CHECK, data))
        assert said["ok"], "every row opens, with the keys that are there"
        assert said["keys"] == 2, "a cut rotation is finished before another key is drawn"
        cut += 0 < said["behind"] < 3000
    assert cut, "no run was cut off in the middle"
    done = leye("trust", "rotate-keys", "--purpose", "requests", "--data", str(data), "--json", data=data)
    assert json.loads(done.stdout)["rotated"][0]["damaged"] == []
    said = json.loads(run(CHECK, data))
    assert said["ok"] and said["behind"] == 0


def newest_key(data: Path) -> dict[str, str]:
    """The key in front, as another process sees it."""
    found: dict[str, str] = json.loads((data / "keys" / "fields.json").read_text())["requests"][0]
    return found


def rows_under(data: Path, key: dict[str, str]) -> int:
    """Rows that stand under a key, as another process sees them."""
    head = FieldKey(key["algorithm"], bytes.fromhex(key["secret"])).head
    with sqlite3.connect(f"file:{data / 'leye.sqlite3'}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM privacy_datarequest WHERE substr(words_sealed, 1, 6) = ?", [head]).fetchone()[0])
