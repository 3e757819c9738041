"""Vector files: the public ones agree, our verdict is never taken from the file, and a crooked line is bad input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from leye.trust.encoding import base64_text
from leye.trust.merkle import EMPTY_ROOT, leaf_hash, node_hash
from leye.trust.vectors import BadVectors, check_lines, check_vectors

A, B = leaf_hash(b"a"), leaf_hash(b"b")
AB = node_hash(A, B)
SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "trust" / "merkle_vectors_dev.jsonl"

INCLUSION = {
    "id": "i", "kind": "inclusion", "leaf_index": 0, "tree_size": 2, "root": base64_text(AB), "leaf_hash": base64_text(A),
    "proof": [base64_text(B)], "want_error": False, "desc": "sound",
}  # fmt: skip
CONSISTENCY = {
    "id": "c", "kind": "consistency", "size1": 1, "size2": 2, "root1": base64_text(A), "root2": base64_text(AB),
    "proof": [base64_text(B)], "want_error": False, "desc": "sound",
}  # fmt: skip
SUBTREE_IN = {
    "id": "si", "kind": "subtree_inclusion", "leaf_index": 9, "start": 8, "end": 10, "root": base64_text(AB), "leaf_hash": base64_text(B),
    "proof": [base64_text(A)], "want_error": False, "desc": "sound",
}  # fmt: skip
SUBTREE_CON = {
    "id": "sc", "kind": "subtree_consistency", "start": 1, "end": 2, "tree_size": 2, "root1": base64_text(B), "root2": base64_text(AB),
    "proof": [base64_text(A)], "want_error": False, "desc": "sound",
}  # fmt: skip
SOUND = [INCLUSION, CONSISTENCY, SUBTREE_IN, SUBTREE_CON]


def run(*vectors: dict) -> dict:
    return check_lines([json.dumps(vector).encode() + b"\n" for vector in vectors], "v.jsonl").as_dict()


@pytest.mark.skipif(not SHARED.exists(), reason="the public vectors lie in the development data (LEYE_SHARED)")
def test_the_public_vectors_agree():
    assert check_vectors(SHARED).as_dict() == {"total": 111, "agree": 111, "disagree": [], "unsupported": []}


@pytest.mark.skipif(not SHARED.exists(), reason="the public vectors lie in the development data (LEYE_SHARED)")
def test_the_verdict_is_not_taken_from_the_file(tmp_path: Path):
    turned = [json.loads(line) for line in SHARED.read_text().splitlines()]
    for vector in turned:
        vector["want_error"] = not vector["want_error"]
    assert len(run(*turned)["disagree"]) == 111


def test_sound_ones_of_every_kind():
    assert run(*SOUND) == {"total": 4, "agree": 4, "disagree": [], "unsupported": []}
    assert run(*({**vector, "want_error": True} for vector in SOUND))["disagree"] == ["i", "c", "si", "sc"]


EDGES = [
    ({**INCLUSION, "leaf_hash": ""}, True, "an empty leaf hash"),
    ({**INCLUSION, "root": ""}, True, "an empty root"),
    ({**INCLUSION, "tree_size": 1, "proof": [], "leaf_hash": "", "root": ""}, True, "empty leaf, empty root"),
    ({**INCLUSION, "leaf_index": 2**64 - 1}, True, "the largest index"),
    ({**INCLUSION, "tree_size": 2**64 - 1}, True, "the largest size"),
    ({**INCLUSION, "proof": [""]}, True, "an empty hash in the proof"),
    ({**CONSISTENCY, "size1": 0}, True, "from nothing"),
    ({**CONSISTENCY, "size1": 0, "size2": 0, "proof": [], "root1": "", "root2": ""}, True, "nothing to nothing"),
    ({**CONSISTENCY, "size1": 2, "proof": [], "root1": "ZG9uJ3QgY2FyZSAx", "root2": "ZG9uJ3QgY2FyZSAx"}, False, "equal short roots at equal sizes"),
    ({**SUBTREE_CON, "start": 1, "end": 1, "proof": [], "root1": base64_text(EMPTY_ROOT)}, False, "an empty subtree"),
    ({**SUBTREE_CON, "start": 1, "end": 1, "proof": [], "root1": ""}, True, "an empty subtree with an empty root"),
    ({**SUBTREE_CON, "start": 3, "end": 3, "proof": [], "root1": base64_text(EMPTY_ROOT)}, True, "an empty subtree beyond the tree"),
    ({**SUBTREE_CON, "start": 2, "end": 1}, True, "a subtree backwards"),
    ({**SUBTREE_CON, "tree_size": 2**64 - 1}, True, "a tree of the largest size"),
    ({**SUBTREE_IN, "start": 9, "end": 11}, True, "a subtree at an odd place"),
]


@pytest.mark.parametrize(("vector", "refused", "why"), EDGES, ids=[e[-1] for e in EDGES])
def test_edges(vector, refused, why):
    assert run({**vector, "want_error": refused})["agree"] == 1


def test_a_kind_to_come_is_counted_as_unsupported():
    assert run(INCLUSION, {"id": "x", "kind": "multiproof", "want_error": False}) == {"total": 2, "agree": 1, "disagree": [], "unsupported": ["x"]}


BAD = [
    (b"", "an empty line"),
    (b"nonsense", "no JSON"),
    (b"[1, 2]", "a list"),
    (json.dumps(INCLUSION).encode() + b" trailing", "trailing data"),
    (json.dumps(INCLUSION).encode() + json.dumps(INCLUSION).encode(), "two objects"),
    (json.dumps(INCLUSION).encode()[:-1], "cut short"),
    (b'{"id": "i", "id": "j"}', "a name twice"),
    (b"\xff\xfe", "not UTF-8"),
    (b"\xef\xbb\xbf" + json.dumps(INCLUSION).encode(), "a byte order mark"),
    (b"[" * 100_000, "deeply nested"),
    (b'{"id": ' + b"9" * 5_000 + b"}", "a number of 5,000 digits"),
    (b'{"id": NaN}', "not a number"),
]


@pytest.mark.parametrize(("line", "why"), BAD, ids=[b[-1] for b in BAD])
def test_a_line_that_is_no_vector(line, why):
    with pytest.raises(BadVectors) as caught:
        check_lines([json.dumps(INCLUSION).encode() + b"\n", line + b"\n"], "v.jsonl")
    assert caught.value.places[0].row == 2


CROOKED = [
    ("leaf_index", True), ("leaf_index", -1), ("leaf_index", 2**64), ("leaf_index", 0.0), ("leaf_index", "0"), ("leaf_index", None),
    ("want_error", 0), ("want_error", "false"), ("want_error", None), ("id", 7), ("kind", None), ("proof", "AAAA"), ("proof", None), ("proof", [1]),
    ("proof", ["AB=="]), ("root", "AAA"), ("root", None), ("root", "AAAA\n"), ("leaf_hash", base64_text(A)[:-2] + "B="), ("leaf_hash", [])
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), CROOKED)
def test_a_part_of_another_form(name, value):
    for vector in ({**INCLUSION, name: value}, {key: kept for key, kept in INCLUSION.items() if key != name}):
        with pytest.raises(BadVectors) as caught:
            run(vector)
        assert caught.value.places[0].column == name


def test_an_empty_file_has_no_vectors(tmp_path: Path):
    (tmp_path / "v.jsonl").write_bytes(b"")
    assert check_vectors(tmp_path / "v.jsonl").as_dict()["total"] == 0
