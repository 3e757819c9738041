"""What of a folder can be computed with, put together with its base: the second half of lint works on this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from leye.kernel.errors import BadInput
from leye.policy.bind import BoundPolicy, bind
from leye.policy.lint.documents import PackFolder, Sheet
from leye.policy.lint.spans import copy_of, is_readable, only
from leye.policy.located import Mapping, Sequence, Text
from leye.policy.pack import Case, PackSet, Policy, Version
from leye.policy.read_pack import Documents, assemble, pack_of
from leye.policy.scalar import Evaluator


@dataclass(frozen=True)
class OwnVersion:
    """A version that the folder itself holds, with the mapping it was read from."""

    policy: Policy
    version: Version
    found: Mapping


@dataclass
class Assembled:
    """The packs as they would be read without the pieces that cannot be, and evaluators on days and places."""

    packs: PackSet
    versions: list[OwnVersion]
    kept: dict[tuple[str, date, str], tuple[BoundPolicy, Evaluator]] = field(default_factory=dict)

    def at(self, policy: Policy, on: date, region: str) -> tuple[BoundPolicy, Evaluator]:
        """One policy bound to a day and a place."""
        key = (policy.id, on, region)
        if key not in self.kept:
            bound = bind(replace(self.packs, policies={policy.id: policy}), on, region)
            self.kept[key] = (bound.policies[0], Evaluator(bound))
        return self.kept[key]

    def cases_of(self, policy: str) -> Iterator[Case]:
        """Worked cases of a policy, in its file and beside it."""
        yield from self.packs.policies[policy].cases
        yield from (c for c in self.packs.cases if c.policy == policy)


def assembled(of: PackFolder) -> Assembled | None:
    """The readable part; None where the tables that all policies rest on are broken, so that nothing could be said about any of them."""
    if not all(_is_sound(value, of) for s in of.of_kind("tables") for key, value in s.found.items() if key in ("derived", "parameters")):
        return None
    head = next(of.of_kind("pack"))
    own: Documents = []
    try:
        pack = pack_of(of.folder, [head.found])
        own = [(pack, head.found), *((pack, s.found) for s in of.of_kind("tables"))]
        own += [(pack, _readable_part(s, of)) for s in _first_of_each(of)]
        packs = _joined(of, own)
    except BadInput as error:
        of.findings.add_error(error)
        return None
    return Assembled(packs, list(_own_versions(packs, own, of)))


def _first_of_each(of: PackFolder) -> Iterator[Sheet]:
    seen: set[str] = set()
    for sheet in of.of_kind("policy"):
        if str(sheet.found["policy"]) not in seen:
            seen.add(str(sheet.found["policy"]))
            yield sheet


def _readable_part(sheet: Sheet, of: PackFolder) -> Mapping:
    """A policy without the versions and cases that cannot be read; words that are lacking are filled, as they were found already."""
    found, name = sheet.found, sheet.found["policy"]
    parts = {key: only(value, of.findings) for key in ("versions", "tests") if isinstance(value := found.get(key), Sequence)}
    fill: dict[str, Text] = {}
    for key, word in (("name", str(name)), ("about", "person"), ("pays", "none")):
        value = found.get(key)
        if not isinstance(value, Text) or not value:
            fill[key] = Text(word, found.file, found.line)
    keep = {key: value for key, value in found.items() if key in parts or _is_sound(value, of)}
    made = copy_of(found, **{key: None for key in found if key not in keep})
    return copy_of(made, **parts, **fill)


def _is_sound(value: object, of: PackFolder) -> bool:
    return isinstance(value, Text) or (isinstance(value, Mapping | Sequence) and is_readable(value, of.findings))


def _joined(of: PackFolder, own: Documents) -> PackSet:
    """The folder's documents over its base. The base is read already, so only what the folder adds is put on top."""
    if of.base is None:
        return assemble((own[0][0],), of.facts, own)
    return assemble((*of.base.packs, own[0][0]), of.facts, [*of.base_documents, *own])


def _own_versions(packs: PackSet, own: Documents, of: PackFolder) -> Iterator[OwnVersion]:
    for _, found in own:
        if "policy" not in found:
            continue
        policy = packs.policies[str(found["policy"])]
        items = [v for v in found.get("versions", Sequence()) if isinstance(v, Mapping)]
        versions = policy.versions[len(policy.versions) - len(items) :]
        yield from (OwnVersion(policy, version, item) for version, item in zip(versions, items, strict=True))
