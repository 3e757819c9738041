"""The files of one pack folder, read one by one so that a broken one does not hide the rest, and the packs that it extends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.facts import FactTable
from leye.policy.grammar import Scope
from leye.policy.lint.fact_table import check_fact_table
from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping, Sequence, Text, read_located
from leye.policy.pack import PackSet
from leye.policy.read_pack import NATIONAL, Documents, assemble, fact_table, folder_of, load_documents, pack_of, scope_of, shown_name, with_bases

TABLE_KEYS = ("derived", "parameters", "seen", "cases", "tests", "notes", "questions")


@dataclass(frozen=True)
class Sheet:
    """One document. kind: pack | policy | tables."""

    file: str
    path: Path
    kind: str
    found: Mapping

    @property
    def place(self) -> Place:
        """The whole file."""
        return Place(file=self.file)

    def items(self, key: str) -> Iterator[Mapping]:
        """Mappings of a list under a key; what is none is found by its form."""
        value = self.found.get(key)
        if isinstance(value, Sequence):
            yield from (v for v in value if isinstance(v, Mapping))


@dataclass
class PackFolder:
    """What lint has before it. base: the packs that the folder extends, None for a national pack · national: the law that caps are held against."""

    folder: Path
    id: str
    region: str
    base: PackSet | None
    base_documents: Documents
    national: PackSet | None
    facts: FactTable
    sheets: list[Sheet]
    findings: Findings
    scope: Scope = field(default_factory=lambda: Scope(FactTable()))

    def of_kind(self, kind: str) -> Iterator[Sheet]:
        """Documents of a kind."""
        return (s for s in self.sheets if s.kind == kind)


Bases: TypeAlias = dict[tuple[Path, ...], tuple[PackSet, Documents]]
"""Base packs by their folders, read once for all folders that extend them."""


def read_folder(folder: Path, bases: Bases) -> PackFolder:
    """All documents. Raises BadInput or NotFound where nothing can be said: no pack.yaml that reads, a base that does not load."""
    findings = Findings()
    sheets = list(_sheets(folder, findings))
    head = next(s for s in sheets if s.kind == "pack")
    pack = pack_of(folder, [head.found])
    chain = tuple(with_bases([folder])[:-1])
    base, base_documents = _base(chain, bases) if chain else (None, [])
    if base is None:
        check_fact_table(folder / "facts.csv", shown_name(folder, folder / "facts.csv"), findings)
    has_table = not any(f.code == "E_FACTS_TABLE" for f in findings)
    facts = base.facts if base is not None else fact_table([folder], (pack,)) if has_table else FactTable()
    found = PackFolder(folder, pack.id, pack.region, base, base_documents, base or _shipped(folder, bases), facts, sheets, findings)
    found.scope = _scope(found)
    return found


def _base(chain: tuple[Path, ...], bases: Bases) -> tuple[PackSet, Documents]:
    if chain not in bases:
        packs, documents = load_documents(list(chain))
        bases[chain] = (assemble(packs, fact_table(list(chain), packs), documents), documents)
    return bases[chain]


def _shipped(folder: Path, bases: Bases) -> PackSet | None:
    """The shipped national pack for a folder that stands alone; None for that pack itself."""
    national = folder_of(NATIONAL)
    return None if folder.resolve() == national.resolve() else _base((national,), bases)[0]


def has_facts(of: PackFolder) -> bool:
    """Whether there is a fact table to hold names against; without one only the form can be looked at."""
    return len(of.facts) > 0


def _sheets(folder: Path, findings: Findings) -> Iterator[Sheet]:
    head = folder / "pack.yaml"
    name = shown_name(folder, head)
    yield Sheet(name, head, "pack", fields.mapping(read_located(head, shown=name), "pack.yaml", Place(file=name)))
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix.lower() in (".yaml", ".yml") and f != head):
        name = shown_name(folder, file)
        if file.suffix != ".yaml":
            _no_kind(name, findings, f"“{file.name}”不会被读到", f"{file.name!r} is not read", "改名为 .yaml 结尾", "let the name end in .yaml")
            continue
        try:
            found = fields.mapping(read_located(file, shown=name), file.name, Place(file=name))
        except BadInput as error:
            findings.add_error(error)
            continue
        if kind := _kind(found):
            yield Sheet(name, file, kind, found)
        else:
            _no_kind(
                name,
                findings,
                f"看不出是什么：第一层没有 policy、{'、'.join(TABLE_KEYS)}",
                f"cannot tell what it holds: no policy, {', '.join(TABLE_KEYS)} at the top",
                "政策文件以 policy: 开头，其他文件写上述键之一",
                "begin a policy with `policy:`, other files with one of these keys",
            )


def _no_kind(name: str, findings: Findings, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
    findings.add("E_FILE_UNKNOWN", Place(file=name, row=1), zh, en, remedy_zh, remedy_en)


def _kind(found: Mapping) -> str:
    if "policy" in found:
        return "policy"
    return "tables" if any(key in found for key in TABLE_KEYS) else ""


def _scope(of: PackFolder) -> Scope:
    """Every name that an expression may use, from what is readable of the folder and from its base."""
    base = Scope(of.facts) if of.base is None else scope_of(of.base)
    types, words, names = dict(base.derived), dict(base.derived_zh), set(base.parameters)
    for sheet in of.of_kind("tables"):
        for item in sheet.items("derived"):
            name, kind, zh = (item.get(k) for k in ("fact", "type", "zh"))
            if isinstance(name, Text):
                told = str(kind) if isinstance(kind, Text) else types.get(str(name), "int")
                types[str(name)] = "int" if told == "fen" else told
                if isinstance(zh, Text):
                    words[str(zh)] = str(name)
        own = sheet.found.get("parameters")
        if isinstance(own, Mapping):
            names |= {str(n) for n in own if n not in of.facts.facts}
    return Scope(of.facts, types, words, frozenset(names))
