"""The log of a data folder, opened for reading: what `leye trust verify`, `prove`, `checkpoint` and `witness` begin with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.trust.notes import VerifierKey

_LARGEST_KEY_FILE = 1 << 20  # bytes; chosen by us


@contextmanager
def one_view(data: Path | None) -> Iterator[tuple[Any, str]]:
    """Connection and vendor of the folder's database, inside a transaction that sees one state of it and holds up no writer.

    Raises BadInput (E_NO_LOG) when there is no database or no log in it.
    """
    open_office(data)
    from django.db import connection

    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    raw = connection.connection
    raw.execute(begin)
    try:
        yield raw, connection.vendor
    finally:
        raw.rollback() if connection.vendor == "sqlite" else raw.execute("ROLLBACK")


def open_office(data: Path | None) -> None:
    """Django over an existing database. Nothing is made, drawn or migrated before it is known to be there. Raises BadInput (E_NO_LOG)."""
    from leye.cli.run import data_folder

    folder = data_folder(data).absolute()
    if not os.environ.get("LEYE_DATABASE_URL") and not (folder / "leye.sqlite3").is_file():
        raise _no_log(str(folder), "没有数据库", "no database")
    from leye.office.embedded import set_up

    set_up(folder)
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise _no_log(str(folder), f"数据库打不开（{error}）", f"the database cannot be opened ({error})") from None
    if missing := {"trust_leaf", "trust_tile", "trust_checkpoint"} - set(tables):
        raise _no_log(str(folder), f"数据库里没有 {'、'.join(sorted(missing))}", f"the database has no {', '.join(sorted(missing))}")


def pinned_keys(data: Path | None = None) -> list[VerifierKey]:
    """The log's keys as this installation keeps them, `<keys>/log.vkey`; none when it has none. Asks neither the database nor Django."""
    from leye.cli.run import data_folder

    keys = os.environ.get("LEYE_KEYS")
    file = (Path(keys) if keys else data_folder(data) / "keys") / "log.vkey"
    return keys_of(file) if file.is_file() else []


def keys_of(file: Path) -> list[VerifierKey]:
    """Keys of a file of vkey lines. Raises BadKey (E_KEY_FORM, E_NO_KEYS)."""
    from leye.trust.notes import read_keys

    return read_keys(read_text(file, _LARGEST_KEY_FILE))


def read_text(file: Path, largest: int) -> str:
    """A file's text, not a byte more than `largest`. Raises BadInput (E_TEXT) on a longer one and on what is not UTF-8; OSError."""
    with file.open("rb") as stream:
        raw = stream.read(largest + 1)
    try:
        if len(raw) > largest:
            raise ValueError(f"longer than {largest} bytes")
        return raw.decode("utf-8")
    except ValueError as error:
        raise BadInput(
            f"{file.name} 不是这里要的文本文件",
            en=f"{file.name} is not the text that is wanted: {error}",
            remedy_zh="看看是不是拿错了文件",
            remedy_en="see whether it is the right file",
            code="E_TEXT",
        ) from None


def _no_log(folder: str, zh: str, en: str) -> BadInput:
    return BadInput(
        f"{folder}：{zh}",
        en=f"{folder}: {en}",
        remedy_zh="用 --data 指到数据文件夹；新装的先运行 leye up 或 leye demo",
        remedy_en="point --data to the data folder; on a new installation run leye up or leye demo first",
        code="E_NO_LOG",
    )
