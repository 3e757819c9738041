"""The re-audit: every row hashed again, every tile, root and signature compared, and the first bad entry named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from leye.trust.checkpoints import split_notes
from leye.trust.log.claims import DATABASE, FILE, WITNESS, Claims
from leye.trust.log.engine import Engine, engine_of
from leye.trust.log.rows import RowPass
from leye.trust.log.verdict import FirstBad, Verdict
from leye.trust.notes import VerifierKey, no_keys


def verify_log(
    connection: Any, vendor: str, *, keys: Sequence[VerifierKey], checkpoint_file: Path | None = None, witnesses: Sequence[str] = ()
) -> Verdict:
    """Re-audit the whole log.

    connection: inside a transaction with one view of the database, begun but not yet asked anything: the file must be read first, or a head that is
    written meanwhile would seem to be ahead of the rows · keys: of the log; heads that none of them signed are bad · checkpoint_file: heads appended
    outside the database · witnesses: texts of notes kept elsewhere. Without one, whoever holds the whole folder and its key can rewrite all of it.

    Raises BadKey (E_NO_KEYS) when there are heads and no key.
    """
    claims = Claims(list(keys))
    outside = _read(checkpoint_file)
    engine = engine_of(connection, vendor)
    count, unreadable = _database_heads(engine, claims)
    notes, torn = split_notes(outside or "")
    if (count or notes or witnesses) and not claims.keys:
        raise no_keys()
    cut_short = _CutShort(engine)
    for note in notes:
        claims.add(note, FILE, is_forgiven=cut_short)
    for note in witnesses:
        claims.add(note, WITNESS)
    rows = RowPass(engine, claims)
    if unreadable is None:
        rows.run()
    verdict = Verdict(rows.size, rows.root(), count)
    problems = [
        _row_problem(rows),
        unreadable,
        None if _is_unreadable(rows) else claims.beyond_problem(rows.size),
        claims.note_problem(),
        _gone(count) if checkpoint_file is not None and outside is None else None,
        _garbage(torn, cut_short) if unreadable is None else None,
        claims.uncovered_problem(rows.size),
    ]
    for problem in problems:
        verdict = verdict.with_bad(problem)
    return verdict


def _row_problem(rows: RowPass) -> FirstBad | None:
    """What the pass over the rows found. Signed roots that the rows do give show that it was a tile that was changed, not a row."""
    claims, bad = rows.claims, rows.bad
    if bad is not None:
        vouched = bad.kind in ("changed", "swapped", "tile") and not claims.bad and any(size > bad.index for size in claims.good)
        return FirstBad(bad.index, "tile", "哈希块被改过，记录没有 (the tile was changed, the row was not)") if vouched else bad
    wrong = claims.root_problem()
    if wrong is not None and rows.lifted is not None:
        return FirstBad(max(wrong.index, rows.lifted.index), wrong.kind, wrong.reason)
    return wrong or rows.lifted


def _is_unreadable(rows: RowPass) -> bool:
    return rows.bad is not None and rows.bad.kind == "unreadable"


def _database_heads(engine: Engine, claims: Claims) -> tuple[int, FirstBad | None]:
    """Notes in the table, taken in as claims; how many there are."""
    count = 0
    try:
        for rows in engine.stream("SELECT size, note FROM trust_checkpoint ORDER BY size, id"):
            for size, note in rows:
                count += 1
                if claims.keys:
                    claims.add(note if isinstance(note, str) else repr(note), DATABASE, size=size if isinstance(size, int) else -1)
    except engine.errors as error:
        return count, FirstBad(claims.newest(), "unreadable", f"签名的树根读不出来：{error} (signed heads cannot be read)")
    return count, None


def _gone(count: int) -> FirstBad | None:
    """A single head may have been committed and not yet written out when the process was killed; two cannot."""
    if count < 2:
        return None
    return FirstBad(0, "checkpoint_file", "库外的签名树根文件不见了 (the file of signed heads outside the database is gone)")


class _CutShort:
    """Whether a text is the beginning of a head in the database: what a power cut leaves of the last line of the file. It says nothing new."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, text: str) -> bool:
        start = text.strip("\n")
        found = self._engine.run("SELECT count(*) FROM trust_checkpoint WHERE substr(note, 1, ?) = ?", (len(start), start)).fetchone()
        return bool(found[0])


def _garbage(pieces: Sequence[str], is_cut_short: Callable[[str], bool]) -> FirstBad | None:
    """Text in the file that is no head."""
    if all(is_cut_short(piece) for piece in pieces):
        return None
    return FirstBad(0, "checkpoint_file", "库外的签名树根文件里有一段读不懂 (a part of the file outside the database is no head)")


def _read(file: Path | None) -> str | None:
    if file is None or not file.exists():
        return None
    return file.read_text(encoding="utf-8", errors="replace")
