#!/usr/bin/env python3
"""Check a receipt of Leye's decision log with nothing but this file, Python 3.9 or later, and the package `cryptography`.

    python check_proof.py decision.tlog-proof log.vkey        prints the record; exit 0 sound, 1 false, 2 not a receipt or no key

log.vkey holds the log's verifier keys, one a line, from paper, from the union or the court, not from whoever gave you the receipt. Formats: C2SP
tlog-proof, tlog-checkpoint, signed-note; hashes: RFC 6962. `extra` is the decision as it was sealed and the leaf is computed from it.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECORD_MAX, HASHES_MAX, NOTE_MAX = 65_535, 64, 65_536
FILE_MAX = 4 * ((RECORD_MAX + 2) // 3) + HASHES_MAX * 45 + NOTE_MAX + 128


class MalformedError(Exception):
    """Not a receipt, or not a key: exit 2."""


class FalseError(Exception):
    """A receipt that proves nothing: exit 1."""


def need(holds, said, error=MalformedError):
    """Raise unless it holds."""
    if not holds:
        raise error(said)


def b64(text, length=None):
    """Bytes of base64 in its one canonical spelling; a hash has length 32."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise MalformedError("a line is not base64") from None
    need(base64.b64encode(found).decode("ascii") == text and length in (None, len(found)), "base64 that is not canonical, or no hash")
    return found


def number(text):
    """A decimal number without sign or leading zero; one of more than 40 digits stays beyond every log."""
    need(re.fullmatch("(?:0|[1-9][0-9]*)", text, re.ASCII), "not a decimal number")
    return int(text[:40])


def is_name(text):
    """Whether a key may bear that name."""
    return bool(text) and "+" not in text and not any(c.isspace() or ord(c) < 32 for c in text)


def read_keys(text):
    """{(name, key id): (type, public key)} of vkey lines."""
    keys = {}
    for line in filter(lambda line: line and not line.startswith("#"), map(str.strip, text.split("\n"))):
        parts = line.split("+", 2)
        need(len(parts) == 3 and is_name(parts[0]) and re.fullmatch("[0-9a-f]{8}", parts[1], re.ASCII), "a key is name+id+key")
        data = b64(parts[2])
        need(len(data) >= 2 and (data[0] not in (1, 4) or len(data) == 33), "an Ed25519 key has 32 bytes")
        key_id = hashlib.sha256(parts[0].encode() + b"\n" + data).digest()[:4]
        need(key_id.hex() == parts[1], "the key id is not that of the key")
        keys[parts[0], key_id] = (data[0], data[1:])
    need(keys, "no key to check with")
    return keys


def is_signed(kind, public, body, blob):
    """Whether the signature holds; type 4 is a witness: 8 bytes of time, then a signature over time and text."""
    if kind == 4:
        body, blob = b"cosignature/v1\ntime %d\n" % int.from_bytes(blob[:8], "big") + body, blob[8:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(blob, body)
    except InvalidSignature:
        return False
    return True


def open_note(note, keys):
    """Size and root of a checkpoint that the log of its origin has signed. Form first, then signatures."""
    body, blank, tail = note.rpartition("\n\n")
    need(len(note.encode()) <= NOTE_MAX and blank and body and (not tail or tail.endswith("\n")), "not a signed note")
    lines = body.split("\n")
    need(len(lines) >= 3 and all(lines), "a checkpoint has origin, size and root")
    size, root, signatures = number(lines[1]), b64(lines[2], 32), []
    for line in tail.split("\n")[:-1]:
        name, _, coded = line[2:].partition(" ")
        signatures.append((name, b64(coded)))
        need(line.startswith("— ") and is_name(name) and len(signatures[-1][1]) >= 5, "a line is no signature")
    trusted = False
    for name, data in signatures:
        (kind, public), blob = keys.get((name, data[:4]), (None, b"")), data[4:]
        if kind not in (1, 4):
            continue  # unknown signatures are somebody else's business
        need(is_signed(kind, public, (body + "\n").encode(), blob), "a known signature is false", FalseError)
        trusted = trusted or (kind == 1 and name == lines[0])
    need(trusted, "not signed by a known key of " + lines[0], FalseError)
    return size, root


def climb(leaf, index, size, proof):
    """The root that the proof leads to (RFC 9162 §2.1.3.2)."""
    need(index < size, "the index is beyond the tree", FalseError)
    inner = (index ^ (size - 1)).bit_length()
    need(len(proof) == inner + bin(index >> inner).count("1"), "the proof has the wrong length", FalseError)
    for level, other in enumerate(proof):
        left = level >= inner or index >> level & 1
        leaf = hashlib.sha256(b"\x01" + (other + leaf if left else leaf + other)).digest()
    return leaf


def check(text, keys):
    """The record of a sound receipt."""
    need(len(text) <= FILE_MAX and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "too large, or control characters")
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    need(blank and lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) >= 3, "not a tlog-proof")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "extra and index come second and third")
    need(len(lines) - 3 <= HASHES_MAX, "too many hashes")
    record, index, proof = b64(lines[1][6:]), number(lines[2][6:]), [b64(line, 32) for line in lines[3:]]
    need(len(record) <= RECORD_MAX, "the record is too long")
    size, root = open_note(note, keys)
    need(climb(hashlib.sha256(b"\x00" + record).digest(), index, size, proof) == root, "the root is another", FalseError)
    return record


def main(arguments):
    """Files in, exit status out."""
    try:
        need(len(arguments) == 2, "usage: check_proof.py RECEIPT KEYS")
        with Path(arguments[0]).open("rb") as receipt, Path(arguments[1]).open("rb") as keys:
            record = check(receipt.read(FILE_MAX + 1).decode("utf-8"), read_keys(keys.read(1 << 20).decode("utf-8")))
    except (MalformedError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"not checked: {error}\n")
        return 2
    except FalseError as error:
        sys.stderr.write(f"FALSE: {error}\n")
        return 1
    sys.stdout.buffer.write(record + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
