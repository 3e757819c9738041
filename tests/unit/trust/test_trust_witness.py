"""A witness cosigns growth and nothing else, and shows up a log that has two histories."""

from __future__ import annotations

import sqlite3

import pytest

from leye.kernel.errors import BadInput
from leye.trust.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from leye.trust.log import SCHEMA, Log
from leye.trust.merkle import EMPTY_ROOT
from leye.trust.notes import COSIGNATURE, NoteFalse, SigningKey, parse_note, verified_keys
from leye.trust.witness import Seen, WitnessRefuses, cosign
from tests_support.trust_log import KEY, OTHER, record

WITNESS = SigningKey.draw("union.test/witness", bytes(range(32)), kind=COSIGNATURE)
NOW_S = 1_756_681_200


def make_log(records: list[bytes]) -> Log:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA["sqlite"]:
        connection.execute(statement)
    connection.execute("BEGIN")
    log = Log(connection, "sqlite")
    log.append(records)
    return log


LOG = make_log([record(n) for n in range(20)])
FORK = make_log([record(n) for n in range(11)] + [b"another history %d" % n for n in range(9)])


def head(size: int, log: Log = LOG, key: SigningKey = KEY) -> str:
    return sign_checkpoint(Checkpoint(key.name, size, log.root(size)), [key])


def ask(note: str, seen: Seen | None, log: Log = LOG, at_s: int = NOW_S) -> tuple[str, Seen]:
    return cosign(note, log_keys=[KEY.verifier], key=WITNESS, seen=seen, at_s=at_s, prove=log.consistency_proof)


def test_the_first_sight_is_taken_and_growth_follows():
    cosigned, seen = ask(head(11), None)
    assert seen == Seen(KEY.name, 11, LOG.root(11), NOW_S)
    assert verified_keys(parse_note(cosigned), [KEY.verifier, WITNESS.verifier]) == [KEY.verifier, WITNESS.verifier]
    open_checkpoint(cosigned, [KEY.verifier])
    later, seen = ask(head(20), seen, at_s=NOW_S + 1)
    assert seen.size == 20
    assert later.count("\n— ") == 2


def test_the_same_head_again_replaces_its_own_signature():
    cosigned, seen = ask(head(11), None)
    again, _ = ask(cosigned, seen, at_s=NOW_S + 60)
    assert again.count("\n— ") == 2
    assert again != cosigned


def test_an_empty_log_is_a_beginning_too():
    _, seen = ask(sign_checkpoint(Checkpoint(KEY.name, 0, EMPTY_ROOT), [KEY]), None)
    assert ask(head(20), seen)[1].size == 20


SEEN = ask(head(11), None)[1]
LATE = Seen(KEY.name, 15, LOG.root(15), NOW_S)

REFUSED = [
    (head(7), SEEN, LOG, NOW_S, "rolled back"),
    (head(15, FORK), LATE, FORK, NOW_S, "another root at the same size"),
    (head(20, FORK), LATE, FORK, NOW_S, "a fork that grew on"),
    (head(20, FORK), LATE, LOG, NOW_S, "a fork with the true log's proof"),
    (head(20), SEEN, LOG, NOW_S - 1, "the clock went backwards"),
    (head(20), Seen("other.test/log", 11, LOG.root(11), NOW_S), LOG, NOW_S, "the memory of another log"),
    (head(20), Seen(KEY.name, 0, bytes(32), NOW_S), LOG, NOW_S, "an empty root that is none"),
]


@pytest.mark.parametrize(("note", "seen", "log", "at_s", "why"), REFUSED, ids=[c[-1] for c in REFUSED])
def test_it_refuses(note, seen, log, at_s, why):
    with pytest.raises(WitnessRefuses):
        ask(note, seen, log, at_s)


def test_a_log_that_cannot_prove_its_growth_is_refused():
    def silent(old: int, new: int) -> list[bytes]:
        raise ValueError("no proof for you")

    with pytest.raises(WitnessRefuses):
        cosign(head(20), log_keys=[KEY.verifier], key=WITNESS, seen=SEEN, at_s=NOW_S, prove=silent)


def test_a_head_that_the_log_did_not_sign_is_not_cosigned():
    with pytest.raises(NoteFalse):
        ask(head(20, key=OTHER), SEEN)


def test_two_clients_shown_two_histories_cannot_both_get_a_cosigned_head():
    shown_to_one, seen = ask(head(15), SEEN)
    assert verified_keys(parse_note(shown_to_one), [WITNESS.verifier])
    with pytest.raises(WitnessRefuses):
        ask(head(15, FORK), seen, FORK)
    with pytest.raises(WitnessRefuses):
        ask(head(20, FORK), seen, FORK)


def test_the_memory_in_text_and_back():
    assert Seen.parse(SEEN.text()) == SEEN


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", SEEN.text().replace("11", "-1"), SEEN.text().replace("11", "true"), SEEN.text()[:-8], "[" * 9_999]
)
def test_a_memory_that_cannot_be_read_is_no_fresh_start(text: str):
    with pytest.raises(BadInput, match="E_WITNESS_STATE"):
        Seen.parse(text)
