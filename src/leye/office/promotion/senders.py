"""The port to whoever really sends: real gateways are outside, a folder is the sender that always works.

A sender takes the messages of one channel and says under which name it took them. The folder's files are what a gateway's import, a WeChat desk or a
printer takes; they hold phone numbers, so they are readable by their owner only.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leye.kernel.errors import Conflict

FOLDER = "outgoing"
HEADER = ("message_id", "to", "part", "parts", "text")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `to` is a phone number or an address that the channel understands; for sheets, the grid. parts: texts in order."""

    id: str
    to: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sender answers: a name for the batch, and the hash of what it took."""

    name: str
    sha256: str


class Sender(Protocol):
    """A way out of the house."""

    def send(self, channel: str, batch: str, messages: Sequence[Message]) -> Taken:
        """Take the messages. The same batch twice is the same batch: it is not sent again."""

    def withdraw(self, name: str) -> bool:
        """Take a batch back; False when it has left already."""


class FolderSender:
    """Messages as CSV files in a folder. Whoever collects a file moves it away; a file that is still there can be withdrawn."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER

    def send(self, channel: str, batch: str, messages: Sequence[Message]) -> Taken:
        """One row a part. Raises Conflict (E_OUTGOING) when another batch lies under the name."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = _csv(messages)
        name = f"{batch}-{channel}.csv"
        file, digest = self.folder / name, hashlib.sha256(body).hexdigest()
        if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            zh, en = f"{file} 里已有另一批消息", f"{file} holds another batch"
            raise Conflict(zh, en=en, remedy_zh="先取走或移开它", remedy_en="collect it first", code="E_OUTGOING")
        beside = file.with_suffix(".part")
        beside.touch(mode=0o600)
        beside.write_bytes(body)
        beside.replace(file)
        return Taken(name, digest)

    def waiting(self, name: str) -> list[dict[str, str]] | None:
        """The rows of a batch that nobody collected yet; None when it has left."""
        file = self.folder / Path(name).name
        if not file.exists():
            return None
        return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))

    def withdraw(self, name: str) -> bool:
        """Delete the file when nobody collected it."""
        file = self.folder / Path(name).name
        if not file.exists():
            return False
        file.unlink()
        return True


def _csv(messages: Sequence[Message]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(messages))
    return text.getvalue().encode("utf-8-sig")


def _rows(messages: Sequence[Message]) -> Iterator[tuple[str, str, int, int, str]]:
    for message in messages:
        for number, part in enumerate(message.parts, start=1):
            yield message.id, message.to, number, len(message.parts), part
