"""A commitment binds, hides, and opens one field without the others."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from leye.trust.commitments import commit, commit_all, commit_with, false_fields, field_key

SALT = bytes(range(32))


def test_the_construction_is_the_documented_one() -> None:
    key = hmac.new(SALT, b"leye/field/1\nsex", hashlib.sha256).digest()
    assert field_key(SALT, "sex") == key
    assert commit(SALT, "sex", "F") == hmac.new(key, b'"F"', hashlib.sha256).hexdigest()


def test_equal_values_under_other_salts_and_names_look_unlike() -> None:
    seen = {commit(salt, name, "F") for salt in (SALT, bytes(32), b"\x01" * 32) for name in ("sex", "subject", "")}
    assert len(seen) == 9


def test_values_that_print_alike_are_told_apart() -> None:
    assert len({commit(SALT, "x", v) for v in (1, "1", True, 1.0, [1], None, "")}) == 7


def test_one_field_is_opened_without_the_others() -> None:
    committed = commit_all(SALT, {"zone": "440605-01", "idle_s": 30})
    shown = {"zone": (field_key(SALT, "zone"), "440605-01")}
    assert false_fields(committed, shown) == []
    assert false_fields(committed, {"zone": (field_key(SALT, "zone"), "440605-02")}) == ["zone"]
    assert false_fields(committed, {"idle_s": (field_key(SALT, "zone"), 30)}) == ["idle_s"], "a key opens its own field only"
    assert false_fields(committed, {"pay": (field_key(SALT, "pay"), 1)}) == ["pay"], "what was not committed to cannot be shown"


def test_a_salt_has_thirty_two_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        commit(b"short", "x", 1)


def test_an_identity_number_cannot_be_found_by_trying() -> None:
    """District and birthday known, a thousand numbers are left: a bare hash gives it away at once, the commitment does not without the salt."""
    secret = "440605199001011239"
    candidates = [f"44060519900101{n:03d}{x}" for n in range(1000) for x in "0123456789X"]
    assert secret in candidates
    bare = hashlib.sha256(secret.encode()).hexdigest()
    assert [c for c in candidates if hashlib.sha256(c.encode()).hexdigest() == bare] == [secret], "the attack works where it should"
    committed = commit(b"\x9d" + SALT[1:], "subject", secret)
    tried = [hashlib.sha256, lambda b: hmac.new(b"", b, hashlib.sha256), lambda b: hmac.new(b"subject", b, hashlib.sha256)]
    forms = [lambda c: c.encode(), lambda c: json.dumps(c).encode(), lambda c: b"leye/field/1\nsubject" + c.encode()]
    assert not [c for c in candidates for hashing in tried for form in forms if hashing(form(c)).hexdigest() == committed]
    assert not [c for c in candidates if commit_with(field_key(bytes(32), "subject"), c) == committed], "a guessed salt does not help"
