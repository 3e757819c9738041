"""Secrets of an installation: one file each, mode 0600, drawn once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from leye.kernel.errors import BadInput


def key_text(file: Path, draw: Callable[[], str]) -> str:
    """The file's text, drawn when it is not there. Two processes at once: the first one's stays.

    Raises BadInput (E_KEY) on a file that others may read.
    """
    if not file.exists():
        _draw(file, draw())
    if file.stat().st_mode & 0o077:
        raise BadInput(
            f"密钥文件 {file.name} 别人也能读",
            en=f"the key file {file.name} can be read by others",
            remedy_zh=f"运行 chmod 600 {file}；若已外泄，请换钥并公布",
            remedy_en=f"chmod 600 {file}; if it leaked, replace it and say so",
            code="E_KEY",
        )
    return file.read_text(encoding="ascii").strip()


def replace_key_text(file: Path, text: str) -> None:
    """Put a new text in the place of a key file; a reader sees the old or the new one, never a half. Locking is the caller's."""
    beside = _written_beside(file, text)
    beside.replace(file)
    _sync_folder(file.parent)


def _draw(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = _written_beside(file, text)
    try:
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    _sync_folder(file.parent)


def _written_beside(file: Path, text: str) -> Path:
    """The text in a file of its own, on the disk: a key must be there before the first thing stands under it."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")  # threads of one process draw at once too
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
