"""What signed heads claim: from the database, from the file beside it, and from those who kept a copy. Each is held against the rows' own root."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from leye.kernel.errors import CheckFailed, LeyeError
from leye.trust.checkpoints import open_checkpoint, size_of_note
from leye.trust.log.verdict import FirstBad
from leye.trust.merkle import EMPTY_ROOT
from leye.trust.notes import VerifierKey

DATABASE, FILE, WITNESS = "数据库", "库外文件", "外部见证"


@dataclass(slots=True)
class Claims:
    """Heads by size. Equal notes are read once; one head costs about 200 bytes and one Ed25519 verification."""

    keys: list[VerifierKey]
    origins: set[str] = field(default_factory=set)
    roots: dict[int, bytes] = field(default_factory=dict)
    others: list[tuple[int, bytes, str]] = field(default_factory=list)  # further roots of a size that has one
    sources: dict[int, str] = field(default_factory=dict)  # where a head was found that the database does not have
    troubles: list[tuple[int, str, str]] = field(default_factory=list)  # size, kind, reason of notes that do not hold
    good: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)  # size, source of roots that the rows do not give
    _read: set[bytes] = field(default_factory=set)

    def add(self, note: str, source: str, *, size: int | None = None, is_forgiven: Callable[[str], bool] | None = None) -> None:
        """Take in a note; one that does not hold becomes a trouble, unless forgiven. size: what its row says, which must be what the note says."""
        digest = hashlib.sha256(note.encode("utf-8", "surrogatepass")).digest()[:16]
        if digest in self._read and size is None:
            return
        try:
            head = open_checkpoint(note, self.keys)
        except LeyeError as error:
            if is_forgiven is not None and is_forgiven(note):
                return
            kind = "signature" if isinstance(error, CheckFailed) else "checkpoint"
            self.troubles.append((_size_said(note, size), kind, f"{source}里的树根：{error.zh} ({error.en})"))
            return
        if size is not None and size != head.size:
            self.troubles.append((min(size, head.size), "checkpoint", f"{source}里 {head.size} 条的树根记成了 {size} 条 (filed under another size)"))
            return
        self._read.add(digest)
        self.origins.add(head.origin)
        if self.roots.setdefault(head.size, head.root) != head.root:
            self.others.append((head.size, head.root, source))
        if source != DATABASE:
            self.sources.setdefault(head.size, source)

    def sizes(self) -> list[int]:
        """Sizes that were claimed, rising."""
        return sorted(self.roots)

    def judge(self, size: int, root: bytes) -> None:
        """Hold the root that the rows give at a size against what was claimed; sizes come rising."""
        wrong = [source for at, claimed, source in self.others if at == size and claimed != root]
        if self.roots[size] != root:
            wrong.append(self.sources.get(size, DATABASE))
        if wrong:
            self.bad.append((size, wrong[0]))
        else:
            self.good.append(size)

    def last_good(self, size: int) -> int:
        """The largest size below `size` whose head holds; 0 when there is none."""
        place = bisect_left(self.good, size)
        return self.good[place - 1] if place else 0

    def newest(self) -> int:
        """The largest size that a head covers; 0 without any."""
        return max(self.roots, default=0)

    def root_problem(self) -> FirstBad | None:
        """The first head whose root the rows do not give."""
        if not self.bad:
            return None
        size, source = self.bad[0]
        forked = any(at == size for at, _root, _source in self.others)
        said = "同一条数有两个签名的树根 (two signed roots of one size)" if forked else "算出的树根和签名的不同 (the rows give another root)"
        return FirstBad(self.last_good(size), "fork" if forked else "root", f"{source}在 {size} 条处：{said}")

    def note_problem(self) -> FirstBad | None:
        """The first note that does not hold at all."""
        if not self.troubles:
            return None
        size, kind, reason = min(self.troubles)
        return FirstBad(self.last_good(size), kind, reason)

    def beyond_problem(self, size: int) -> FirstBad | None:
        """A head over more leaves than there are."""
        beyond = min((at for at in self.roots if at > size), default=None)
        if beyond is None:
            return None
        source = self.sources.get(beyond, DATABASE)
        return FirstBad(size, "rolled_back", f"{source}里有 {beyond} 条的签名树根，现在只有 {size} 条 (a signed head speaks of more)")

    def uncovered_problem(self, size: int) -> FirstBad | None:
        """Rows that no head covers."""
        newest = self.newest()
        return FirstBad(newest, "uncovered", f"{newest} 条以后没有签名的树根 (no signed head covers it)") if size > newest else None

    def judge_empty(self) -> None:
        """Heads of size 0, which no row precedes."""
        if 0 in self.roots:
            self.judge(0, EMPTY_ROOT)


def _size_said(note: str, size: int | None) -> int:
    if size is not None:
        return size
    try:
        return size_of_note(note)
    except LeyeError:
        return 0
