"""Two verifiers of receipts, the room's and the stand-alone one of the documentation, asked together."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from leye.kernel.errors import BadInput, CheckFailed
from leye.trust.notes import read_keys
from leye.trust.receipts import check_receipt
from tests_support.trust_log import KEY

KEYS = KEY.verifier.text() + "\n"


def stand_alone() -> ModuleType:
    file = Path(__file__).parents[2] / "docs" / "verify" / "check_proof.py"
    spec = importlib.util.spec_from_file_location("check_proof", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK_PROOF = stand_alone()


def room(text: bytes, keys: str) -> int:
    try:
        check_receipt(text.decode("utf-8"), read_keys(keys))
    except (BadInput, UnicodeDecodeError):
        return 2
    except CheckFailed:
        return 1
    return 0


def alone(text: bytes, keys: str) -> int:
    try:
        CHECK_PROOF.check(text.decode("utf-8"), CHECK_PROOF.read_keys(keys))
    except (CHECK_PROOF.MalformedError, UnicodeDecodeError):
        return 2
    except CHECK_PROOF.FalseError:
        return 1
    return 0


def both(text: str | bytes, keys: str = KEYS) -> int:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    first, second = room(raw, keys), alone(raw, keys)
    assert first == second, "the two verifiers disagree"
    return first
