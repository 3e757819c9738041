"""The installation's field keys by purpose, in one file of mode 0600, newest first."""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from leye.kernel.errors import BadInput
from leye.office.key_files import key_text
from leye.trust.privacy.fieldkeys import ALGORITHMS, FieldKey, FieldKeys

KEY_FILE = "fields.json"
PURPOSES = ("decision_evidence", "protected", "reads")
"""What is encrypted: evidence of decisions, protected attributes, whose file was read."""

DEFAULT = "aes-256-gcm"


def keyring(purpose: str) -> FieldKeys:
    """The keys of a purpose; drawn once an installation, read again when the file changes. Raises KeyError, BadInput (E_KEY)."""
    file = key_file()
    return _read(file, file.stat().st_mtime_ns if file.exists() else 0)[purpose]


def key_file() -> Path:
    """Where the keys lie."""
    return Path(settings.LEYE_KEYS) / KEY_FILE


@lru_cache(maxsize=4)
def _read(file: Path, stamp: int) -> dict[str, FieldKeys]:
    try:
        kept = json.loads(key_text(file, _drawn))
        return {
            purpose: FieldKeys(purpose, [FieldKey(k["algorithm"], bytes.fromhex(k["secret"])) for k in kept[purpose]], os.urandom)
            for purpose in PURPOSES
        }
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"密钥文件 {file.name} 读不懂", en=f"the key file {file.name} is damaged", remedy_zh="从备份恢复它", code="E_KEY") from error


def _drawn() -> str:
    return json.dumps({purpose: [{"algorithm": DEFAULT, "secret": secrets.token_hex(ALGORITHMS[DEFAULT][1])}] for purpose in PURPOSES}, indent=1)
