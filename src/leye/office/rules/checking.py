"""A draft's text held against the language: lint with lines, cases, and whether it reads beside all rules in force."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from leye.kernel.errors import LeyeError, Place
from leye.office.rules import refusals
from leye.office.rules.active import own_folders
from leye.office.rules.folders import files_on_disk, pack_id, write_pack
from leye.policy import PackSet, cases, fields, load, shipped
from leye.policy.lint import Bases, Finding, is_refused, lint
from leye.policy.located import Mapping, Text, parse_located
from leye.policy.read_pack import NATIONAL, shipped_regions

BASES: Bases = {}
"""The shipped national pack, read once a process."""


@dataclass(frozen=True)
class Checked:
    """What was found. findings: of this text · others: of other files of the place · cases: how many ran · packs: None where it does not read."""

    policy: str
    findings: tuple[Finding, ...]
    others: tuple[Finding, ...]
    failures: tuple[cases.CaseFailure, ...]
    cases: int
    packs: PackSet | None

    @property
    def is_sound(self) -> bool:
        """Whether it may be signed and published."""
        return self.packs is not None and not is_refused(self.findings) and not self.failures

    def refuse(self) -> None:
        """Raise CheckFailed (E_RULE_CHECK) unless sound."""
        if not self.is_sound:
            bad = [f for f in self.findings if f.is_error]
            places = tuple(Place(file=f.file, row=f.line) for f in bad) + tuple(Place(file=f.file, row=f.line) for f in self.failures)
            raise refusals.not_sound(len(bad), len(self.failures), places)


def tidy(text: str) -> str:
    """Line ends as here, one at the end; characters that no file can hold are replaced, as a database would refuse them."""
    sound = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return sound.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"


def sha256_of(text: str) -> str:
    """Of the text, as signed and sealed."""
    return hashlib.sha256(text.encode()).hexdigest()


def told_of(text: str) -> tuple[str, str]:
    """(policy id, name) as far as the text says, a national policy by its own name; empty where it does not read."""
    try:
        found = parse_located(text)
    except LeyeError:
        return "", ""
    words = [found.get(key) if isinstance(found, Mapping) else None for key in ("policy", "name")]
    policy, name = (str(w) if isinstance(w, Text) else "" for w in words)
    national = shipped().policies.get(policy)
    return policy[:60], (name or (national.name if national is not None else ""))[:120]


def check_text(text: str, region: str, data: Path) -> Checked:
    """Lint and cases of a text as the policy file of a place, beside the place's other published files.

    Never raises for what is wrong with the text: that is what the findings say.
    """
    text = tidy(text)
    policy, _ = told_of(text)
    name = policy if policy.isidentifier() and policy.isascii() else "draft"
    with tempfile.TemporaryDirectory() as parent:
        folder = write_pack(Path(parent), region, {**files_on_disk(data, region), name: text})
        found = lint(folder, BASES)
        own = f"{folder.name}/policies/{name}.yaml"
        mine = tuple(f for f in found if f.file == own)
        others = tuple(f for f in found if f.file != own)
        report, packs = _run(folder, region)
    failures = tuple(f for f in report.failures if f.file == own) if report is not None else ()
    count = sum(c.place.file == own for c in packs.policies[policy].cases) if packs is not None and policy in packs.policies else 0
    return Checked(policy, mine, others, failures, count, packs)


def _run(folder: Path, region: str) -> tuple[cases.CaseReport | None, PackSet | None]:
    """Cases are run, and the draft can be tried, as soon as it reads, whatever else lint finds."""
    try:
        packs = load([folder])
    except LeyeError:
        return None, None
    return cases.run(packs, only=[pack_id(region)]), packs


def load_beside(text: str, policy: str, region: str, data: Path) -> PackSet:
    """All rules in force with this text among them. Raises CheckFailed (E_RULE_BESIDE) where they do not read together."""
    with tempfile.TemporaryDirectory() as parent:
        folder = write_pack(Path(parent), region, {**files_on_disk(data, region), policy: text})
        kept = [f for f in own_folders(data) if f.name != folder.name]
        try:
            packs = load([NATIONAL, *shipped_regions(), *kept, folder])
        except LeyeError as error:
            raise refusals.does_not_load(error) from error
    _refuse_overlaps(packs, policy)
    return packs


def _refuse_overlaps(packs: PackSet, policy: str) -> None:
    """Versions of one region that meet on a day, from whichever packs."""
    versions = packs.policies[policy].versions
    for i, one in enumerate(versions):
        for other in versions[:i]:
            is_met = (one.end is None or other.start <= one.end) and (other.end is None or one.start <= other.end)
            if one.region == other.region and is_met:
                message = fields.refuse(
                    f"{one.region} 在 {max(one.start, other.start)} 已有 {other.place} 的版本",
                    f"{one.region} has a version on {max(one.start, other.start)} already: {other.place}",
                    one.place,
                    "改日期或地区，不要两个版本同时有效",
                    "change days or region so that one version holds",
                    code="E_OVERLAP",
                )
                raise refusals.does_not_load(message)
