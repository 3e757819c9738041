"""Receipts: what is sound, what is false, what is no receipt; the room's verifier and the stand-alone one say the same of each."""

from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from leye.trust.checkpoints import Checkpoint, sign_checkpoint
from leye.trust.encoding import base64_text
from leye.trust.log import SCHEMA, Log
from leye.trust.merkle import EMPTY_ROOT
from leye.trust.notes import COSIGNATURE, SigningKey, VerifierKey, signed
from leye.trust.receipts import LARGEST_RECEIPT, make_receipt
from tests_support.trust_log import KEY, OTHER, record
from tests_support.trust_receipts import KEYS, both

SIZE, INDEX = 11, 6
WITNESS = SigningKey.draw("union.test/witness", bytes(range(32)), kind=COSIGNATURE)
SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "trust" / "receipts"


def make_log(size: int = SIZE) -> Log:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA["sqlite"]:
        connection.execute(statement)
    connection.execute("BEGIN")
    log = Log(connection, "sqlite")
    log.append([record(n) for n in range(size)])
    return log


LOG = make_log()
CHECKPOINT = Checkpoint(KEY.name, SIZE, LOG.root())
NOTE = sign_checkpoint(CHECKPOINT, [KEY])
PROOF = LOG.inclusion_proof(INDEX, SIZE)
SOUND = make_receipt(LOG.record(INDEX), INDEX, PROOF, NOTE)


def with_note(note: str) -> str:
    return make_receipt(LOG.record(INDEX), INDEX, PROOF, note)


def signed_by(*keys: SigningKey, checkpoint: Checkpoint = CHECKPOINT) -> str:
    return with_note(sign_checkpoint(checkpoint, keys))


def lines(change: Callable[[list[str]], object]) -> str:
    found = SOUND.split("\n")
    change(found)
    return "\n".join(found)


def replaced(at: int, text: str) -> str:
    return lines(lambda found: found.__setitem__(at, text))


BODY = CHECKPOINT.body()
BAD_LINE = f"— {KEY.name} {base64_text(KEY.verifier.key_id + bytes(64))}\n"
B64_NOT_CANONICAL = base64_text(PROOF[0])[:-2] + chr(ord(base64_text(PROOF[0])[-2]) + 1) + "="

CASES = [
    (SOUND, 0, "sound"),
    (make_receipt(b"", 0, [], sign_checkpoint(Checkpoint(KEY.name, 1, make_log(0).root()), [KEY])), 1, "an empty record under another root"),
    (signed_by(KEY, OTHER), 0, "an unknown key of the same name beside"),
    (signed_by(OTHER, KEY), 0, "unknown first"),
    (signed_by(KEY, KEY), 0, "twice"),
    (signed_by(KEY, WITNESS), 0, "a witness nobody knows"),
    (with_note(NOTE + "— " + "外面的名字" + " AAAAAAAA\n"), 0, "a foreign signature of another kind"),
    (signed_by(KEY, checkpoint=Checkpoint(KEY.name, SIZE, LOG.root(), ("extension",))), 0, "an extension line"),
    (make_receipt(record(7), INDEX, PROOF, NOTE), 1, "another record"),
    (make_receipt(record(INDEX), 7, PROOF, NOTE), 1, "another index"),
    (make_receipt(record(INDEX), 11, PROOF, NOTE), 1, "index = size"),
    (make_receipt(record(INDEX), 10**30, PROOF, NOTE), 1, "index far beyond"),
    (replaced(2, "index " + "9" * 5_000), 1, "an index of 5,000 digits"),
    (make_receipt(record(INDEX), INDEX, PROOF[:-1], NOTE), 1, "proof cut"),
    (make_receipt(record(INDEX), INDEX, [], NOTE), 1, "no proof"),
    (make_receipt(record(INDEX), INDEX, [*PROOF, bytes(32)], NOTE), 1, "proof lengthened"),
    (make_receipt(record(INDEX), INDEX, PROOF + [bytes(32)] * 60, NOTE), 1, "64 hashes"),
    (make_receipt(record(INDEX), INDEX, PROOF + [bytes(32)] * 61, NOTE), 2, "65 hashes"),
    (make_receipt(record(INDEX), INDEX, PROOF[::-1], NOTE), 1, "proof reversed"),
    (signed_by(OTHER), 1, "signed by an unknown key of the same name"),
    (signed_by(WITNESS), 1, "signed by a witness only"),
    (with_note(BODY + "\n"), 1, "no signature"),
    (with_note(signed(BODY, [BAD_LINE])), 1, "false signature"),
    (with_note(NOTE + BAD_LINE), 1, "a true and a false signature of the known key"),
    (with_note(signed(BODY, [f"— {KEY.name} {base64_text(KEY.verifier.key_id + b'1')}\n"])), 1, "a signature of one byte"),
    (signed_by(KEY, checkpoint=Checkpoint("other.test/log", SIZE, LOG.root())), 1, "another origin"),
    (with_note(NOTE.replace(KEY.name, "other.test/log")), 1, "another origin and name"),
    (with_note(NOTE.replace("\n11\n", "\n12\n")), 1, "another size"),
    (with_note(NOTE.replace("\n11\n", f"\n{10**60}\n")), 1, "a size of 60 digits"),
    (signed_by(KEY, checkpoint=Checkpoint(KEY.name, 0, EMPTY_ROOT)), 1, "size 0 has no proofs"),
    (signed_by(KEY, checkpoint=Checkpoint(KEY.name, 7, LOG.root(7))), 1, "the proof of another size"),
    ("", 2, "empty"),
    ("\n" + SOUND, 2, "a line before"),
    ("\ufeff" + SOUND, 2, "a byte order mark"),
    (SOUND.replace("\n", "\r\n"), 2, "CRLF"),
    (SOUND.replace("\n", "\r\n", 1), 2, "one CR"),
    (SOUND[:-1], 2, "the last newline is gone"),
    (SOUND + "\n", 2, "a newline too many"),
    (SOUND + "trailing", 2, "trailing text"),
    (SOUND + "trailing\n", 2, "a trailing line"),
    (replaced(0, "c2sp.org/tlog-proof@v2"), 2, "another version"),
    (replaced(0, "c2sp.org/tlog-proof@v1 "), 2, "a space after the first line"),
    (lines(lambda found: found.pop(1)), 2, "no extra"),
    (lines(lambda found: found.pop(2)), 2, "no index"),
    (lines(lambda found: found.insert(1, found.pop(2))), 2, "index before extra"),
    (lines(lambda found: found.insert(2, found[1])), 2, "extra twice"),
    (replaced(1, "extra !!!!"), 2, "extra is no base64"),
    (replaced(1, "extra  " + base64_text(record(INDEX))), 2, "two spaces"),
    (replaced(1, "extra " + base64_text(record(INDEX)).rstrip("=") + "==="), 2, "padding too long"),
    (replaced(1, "extra " + base64.urlsafe_b64encode(b"\xff\xfe\xfd" * 5).decode()), 2, "the URL alphabet"),
    (replaced(2, "index 06"), 2, "a leading zero"),
    (replaced(2, "index +6"), 2, "a sign"),
    (replaced(2, "index -1"), 2, "a negative index"),
    (replaced(2, "index 0x6"), 2, "hexadecimal"),
    (replaced(2, "index 1_0"), 2, "an underscore"),
    (replaced(2, "index ６"), 2, "a full-width digit"),
    (replaced(2, "index 6 "), 2, "a space after the index"),
    (replaced(2, "index "), 2, "no number"),
    (replaced(2, "index 6.0"), 2, "a fraction"),
    (replaced(3, base64_text(PROOF[0][:31])), 2, "a hash of 31 bytes"),
    (replaced(3, base64_text(PROOF[0] + b"x")), 2, "a hash of 33 bytes"),
    (replaced(3, B64_NOT_CANONICAL), 2, "stray bits at the end of a hash"),
    (replaced(3, " " + base64_text(PROOF[0])), 2, "a space before a hash"),
    (with_note(NOTE.replace("\n11\n", "\n011\n")), 2, "a size with a leading zero"),
    (with_note(NOTE.replace("\n11\n", "\n１１\n")), 2, "a full-width size"),
    (with_note(signed(f"{KEY.name}\n11\nAAAA\n", [BAD_LINE])), 2, "a root of three bytes"),
    (with_note(signed(f"{KEY.name}\n11\n", [BAD_LINE])), 2, "no root"),
    (with_note(signed(f"\n11\n{base64_text(bytes(32))}\n", [BAD_LINE])), 2, "no origin"),
    (with_note(NOTE.replace("— ", "- ")), 2, "a hyphen instead of the dash"),
    (with_note(NOTE.replace("— ", "—")), 2, "no space after the dash"),
    (with_note(NOTE + "— \n"), 2, "a signature line without a name"),
    (with_note(NOTE + "— name\n"), 2, "a signature line without a signature"),
    (with_note(NOTE + "— name AAAA\n"), 2, "a signature of three bytes"),
    (with_note(NOTE + "— na+me AAAAAAAA\n"), 2, "a plus in a name"),
    (with_note(NOTE + "— na\u3000me AAAAAAAA\n"), 2, "a wide space in a name"),
    (with_note(NOTE + "— name AAAAAAAB\x00\n"), 2, "a zero byte"),
    (with_note(NOTE + "— name AAAAAAAA\u2028— more AAAAAAAA\n"), 2, "a line separator is no newline"),
    (with_note(BODY), 2, "no blank line"),
    (SOUND.encode()[:40] + b"\xff" + SOUND.encode()[40:], 2, "not UTF-8"),
    (SOUND.replace(KEY.name, "\ud800"), 2, "a lone surrogate"),
    (with_note(NOTE + "— n AAAAAAAA\n" * 5_000), 2, "a note over 64 KiB"),
    (make_receipt(b"x" * 65_536, 0, [], NOTE), 2, "a record over 65,535 bytes"),
    (make_receipt(b"x" * 65_535, 0, [], NOTE), 1, "a record of 65,535 bytes"),
    ("x" * (LARGEST_RECEIPT + 1), 2, "too large"),
]


@pytest.mark.parametrize(("text", "status", "why"), CASES, ids=[c[-1] for c in CASES])
def test_exit_status(text, status, why):
    assert both(text) == status


def test_any_bytes_may_be_a_record():
    for said in (b"", b"\x00\xff", "乐业".encode(), b"[" * 5_000):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        for statement in SCHEMA["sqlite"]:
            connection.execute(statement)
        connection.execute("BEGIN")
        log = Log(connection, "sqlite")
        log.append([said])
        assert both(make_receipt(said, 0, [], sign_checkpoint(Checkpoint(KEY.name, 1, log.root()), [KEY]))) == 0


KEY_FILES = [
    (KEYS, 0, "the key"),
    (f"# from paper\n\n  {KEYS}  \n", 0, "comments and empty lines"),
    (KEYS + KEYS, 0, "twice"),
    (OTHER.verifier.text() + "\n" + KEYS, 0, "one of two"),
    (KEYS + VerifierKey("mldsa.test", 6, bytes(40)).text(), 0, "a type to come"),
    (OTHER.verifier.text(), 1, "another key of that name"),
    (WITNESS.verifier.text(), 1, "only the witness"),
    ("", 2, "no key"),
    ("# nothing\n", 2, "only comments"),
    (KEYS.replace("+", "-"), 2, "no key at all"),
    (KEYS[:-3], 2, "a key cut short"),
    (KEYS.replace(KEYS.split("+")[1], "00000000"), 2, "a false key id"),
    (KEYS.replace(KEYS.split("+")[1], KEYS.split("+")[1].upper()), 2, "a key id in capitals"),
    (KEYS + "garbage\n", 2, "garbage beside a key"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "status", "why"), KEY_FILES, ids=[c[-1] for c in KEY_FILES])
def test_keys(keys, status, why):
    assert both(SOUND, keys) == status


def test_a_known_witness_must_hold_and_is_not_enough():
    line = WITNESS.sign(BODY, at_s=1_756_000_000)
    keys = KEYS + WITNESS.verifier.text() + "\n"
    assert both(with_note(NOTE + line), keys) == 0
    assert both(with_note(NOTE + WITNESS.sign(BODY + "x\n", at_s=1)), keys) == 1
    assert both(with_note(signed(BODY, [line])), keys) == 1
    assert both(with_note(NOTE + f"— {WITNESS.name} {base64_text(WITNESS.verifier.key_id + b'1234')}\n"), keys) == 1


def test_a_witness_that_bears_the_name_of_the_log_is_not_the_log():
    posing = SigningKey.draw(KEY.name, bytes(range(32)), kind=COSIGNATURE)
    keys = posing.verifier.text() + "\n"
    assert both(with_note(signed(BODY, [posing.sign(BODY, at_s=1)])), keys) == 1
    assert both(with_note(signed(BODY, [posing.sign(BODY, at_s=1)])), KEYS + keys) == 1
    assert both(with_note(signed(BODY, [posing.sign(BODY, at_s=1), KEY.sign(BODY)])), KEYS + keys) == 0


def test_a_receipt_of_another_log_is_false_here():
    """Replayed: sound where it comes from, nothing here."""
    foreign = with_note(sign_checkpoint(Checkpoint("other.test/log", SIZE, LOG.root()), [SigningKey.draw("other.test/log", bytes(32))]))
    assert both(foreign, SigningKey.draw("other.test/log", bytes(32)).verifier.text()) == 0
    assert both(foreign) == 1


HOSTILE = [
    (with_note(signed(BODY, [BAD_LINE] * 400)), 1, "400 false signatures"),
    ("c2sp.org/tlog-proof@v1\nextra " + "A" * 80_000 + "\nindex " + "1" * 80_000 + "\n\n", 2, "long lines"),
    ("\n" * 100_000, 2, "nothing but newlines"),
    (with_note(BODY + "\n" * 50_000 + "— " * 20), 2, "a hole"),
    (with_note("\n".join(["x"] * 30_000) + "\n\n" + BAD_LINE), 2, "many lines"),
]


@pytest.mark.parametrize(("text", "status", "why"), HOSTILE, ids=[c[-1] for c in HOSTILE])
def test_hostile_files_are_answered(text, status, why):
    """Every reading is one pass over at most some 160 kB; a hang would stop the suite."""
    assert both(text) == status


@pytest.mark.skipif(not SHARED.exists(), reason="the example receipts lie in the development data (LEYE_SHARED)")
@pytest.mark.parametrize("name", ["sound_exit0", "record_changed_exit1", "proof_cut_exit1", "no_signature_exit1", "index_leading_zero_exit2"])
def test_the_shared_examples(name):
    assert both((SHARED / f"{name}.tlog-proof").read_bytes(), (SHARED / "example.vkey").read_text()) == int(name[-1])


def test_the_stand_alone_verifier_is_short_and_stands_alone():
    text = (Path(__file__).parents[3] / "docs" / "verify" / "check_proof.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "leye." not in text.replace("leye.local", "")
