"""Folders of YAML into one `PackSet`: the national pack and its regions, checked for what cannot be read at all (lint says the rest)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeAlias

from leye.kernel.errors import NotFound, Place
from leye.packs import ROOT
from leye.policy import fields
from leye.policy.expression import derived_of, node_type
from leye.policy.facts import FactTable, read_facts
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping, read_located
from leye.policy.pack import Case, Derived, DerivedForm, Note, Pack, PackSet, Parameter, Policy
from leye.policy.read_policy import read_case, read_policy
from leye.policy.read_values import read_parameters, read_seen

NATIONAL = "cn"
Documents: TypeAlias = list[tuple[Pack, Mapping]]


@cache
def shipped() -> PackSet:
    """The national pack with every shipped regional one."""
    return load([NATIONAL, *shipped_regions()])


def shipped_regions() -> list[str]:
    """Ids of the shipped packs that extend another, in order."""
    return sorted(f.parent.name for f in ROOT.glob("*/pack.yaml") if f.parent.name != NATIONAL)


def folder_of(name: str | Path) -> Path:
    """A pack's folder: a path with a pack.yaml, or the name of a shipped pack. Raises NotFound (E_PACK_UNKNOWN)."""
    for folder in (Path(name), ROOT / str(name)):
        if (folder / "pack.yaml").is_file():
            return folder
    raise NotFound(
        f"没有规则包“{name}”",
        en=f"no rule pack {str(name)!r}",
        remedy_zh=f"写规则包文件夹的路径，或名称：{'、'.join([NATIONAL, *shipped_regions()])}",
        remedy_en=f"give the path of a pack's folder, or one of: {', '.join([NATIONAL, *shipped_regions()])}",
        code="E_PACK_UNKNOWN",
    )


def load(names: Iterable[str | Path]) -> PackSet:
    """Packs read together, each after what it extends. Raises BadInput with file and line, NotFound."""
    folders = with_bases(names)
    packs, documents = load_documents(folders)
    return assemble(packs, fact_table(folders, packs), documents)


def load_documents(folders: list[Path]) -> tuple[tuple[Pack, ...], Documents]:
    """The packs of some folders and all their documents, in order. Raises BadInput with file and line."""
    files = [(folder, _yaml_files(folder)) for folder in folders]
    packs = tuple(pack_of(folder, found) for folder, found in files)
    return packs, [(pack, doc) for pack, (_, found) in zip(packs, files, strict=True) for doc in found]


def assemble(packs: tuple[Pack, ...], facts: FactTable, documents: Documents) -> PackSet:
    """What the documents of some packs say together. Raises BadInput with file and line."""
    scope = _scope(facts, documents)
    parameters = _parameters(documents, scope)
    return PackSet(packs, facts, _derived(documents, scope), _policies(documents, scope), parameters, tuple(_cases(documents)))


def with_bases(names: Iterable[str | Path]) -> list[Path]:
    """Folders with those they extend before them; each once."""
    order: list[Path] = []
    for name in names:
        folder = folder_of(name)
        chain = [folder]
        while base := _extends(chain[-1]):
            beside = chain[-1].parent / base
            found = beside if (beside / "pack.yaml").is_file() else folder_of(base)
            if found in chain:
                raise fields.refuse(
                    "规则包互相引用",
                    "packs extend each other",
                    Place(file=str(found / "pack.yaml")),
                    "去掉一处 extends",
                    "remove one `extends`",
                    code="E_CYCLE",
                )
            chain.append(found)
        order.extend(f for f in reversed(chain) if f.resolve() not in [o.resolve() for o in order])
    return order


def _extends(folder: Path) -> str:
    found = fields.mapping(read_located(folder / "pack.yaml", shown=shown_name(folder, folder / "pack.yaml")), "pack.yaml", Place())
    return str(fields.text(found, "extends", default=""))


def shown_name(folder: Path, file: Path) -> str:
    """How an error names a file: pack folder and path below it."""
    return f"{folder.name}/{file.relative_to(folder)}"


def _yaml_files(folder: Path) -> list[Mapping]:
    """All documents of a pack, pack.yaml first."""
    files = sorted(folder.rglob("*.yaml"), key=lambda f: (f.name != "pack.yaml", str(f.relative_to(folder))))
    return [fields.mapping(read_located(f, shown=shown_name(folder, f)), f.name, Place(file=shown_name(folder, f))) for f in files]


def pack_of(folder: Path, documents: list[Mapping]) -> Pack:
    """The pack of a folder from its documents, pack.yaml first. Raises BadInput."""
    found = documents[0]
    zh, en = fields.two_languages(found, "name")
    notes: list[tuple[str, Note]] = []
    for document in documents:
        if "policy" in document:
            continue
        for item in fields.sequence(document.get("notes"), "notes", document.place):
            note = fields.note(item, document.place)
            if note is not None and isinstance(item, Mapping):
                notes.append((str(fields.text(item, "policy", default="")), note))
    return Pack(
        str(fields.text(found, "pack")),
        zh,
        en,
        fields.region(found, "region"),
        str(fields.text(found, "extends", default="")),
        folder,
        tuple(notes),
        tuple(figure for document in documents for figure in read_seen(document)),
    )


def fact_table(folders: list[Path], packs: tuple[Pack, ...]) -> FactTable:
    """The one fact table of the base pack."""
    for folder, pack in zip(folders, packs, strict=True):
        if not pack.extends:
            file = folder / "facts.csv"
            if not file.is_file():
                raise fields.refuse(
                    "规则包缺少事实表 facts.csv",
                    "the pack has no facts.csv",
                    Place(file=f"{folder.name}/facts.csv"),
                    "从 packs/cn 复制一份，或写 extends: cn",
                    "copy it from packs/cn, or write `extends: cn`",
                )
            return read_facts(file)
    raise fields.refuse("没有基础规则包", "no base pack", Place(), "写 extends: cn", "write `extends: cn`")


def scope_of(packs: PackSet) -> Scope:
    """Every name that an expression may use beside these packs."""
    types = {d.id: "int" if d.type == "fen" else d.type for d in packs.derived.values()}
    names = frozenset(n for n in packs.parameters if n not in packs.facts.facts)
    return Scope(packs.facts, types, {d.zh: d.id for d in packs.derived.values() if d.zh}, names)


def _scope(facts: FactTable, documents: Documents) -> Scope:
    """Every name that an expression may use: facts, derived facts with their types, parameters that are no facts."""
    types: dict[str, str] = {}
    words: dict[str, str] = {}
    names: set[str] = set()
    for _, document in documents:
        for item in _list_of(document, "derived"):
            name = str(fields.text(item, "fact"))
            kind = str(fields.text(item, "type", default=types.get(name, "int")))
            types[name] = "int" if kind == "fen" else kind
            if "zh" in item:
                words[str(fields.text(item, "zh"))] = name
        if "parameters" in document and "policy" not in document:
            names |= {str(n) for n in fields.mapping(document["parameters"], "parameters", document.place) if n not in facts.facts}
    return Scope(facts, types, words, frozenset(names))


def _list_of(document: Mapping, key: str) -> list[Mapping]:
    if "policy" in document:
        return []
    return [fields.mapping(item, key, document.place) for item in fields.sequence(document.get(key), key, document.place)]


def _derived(documents: Documents, scope: Scope) -> dict[str, Derived]:
    found: dict[str, Derived] = {}
    for pack, document in documents:
        for item in _list_of(document, "derived"):
            one = _one_derived(item, scope, pack)
            found[one.id] = (
                replace(found[one.id], forms=found[one.id].forms + one.forms, cases=found[one.id].cases + one.cases) if one.id in found else one
            )
    reads = {name: set().union(*(derived_of(form.node) for form in d.forms)) if d.forms else set() for name, d in found.items()}
    try:
        return {name: found[name] for name in TopologicalSorter(reads).static_order() if name in found}
    except CycleError as error:
        circle = [str(n) for n in error.args[1]]
        raise fields.refuse(
            f"派生事实循环引用：{' → '.join(circle)}",
            f"derived facts read each other in a circle: {' -> '.join(circle)}",
            found[circle[0]].place,
            "拆开其中一个",
            "break the circle",
            code="E_CYCLE",
        ) from error


def _one_derived(item: Mapping, scope: Scope, pack: Pack) -> Derived:
    name = str(fields.text(item, "fact"))
    forms = [_form(item, scope, pack.region, name)] if "is" in item else []
    forms += [
        _form(fields.mapping(r, "regional", item.place), scope, "", name) for r in fields.sequence(item.get("regional"), "regional", item.place)
    ]
    cases = tuple(read_case(fields.mapping(c, "tests", item.place), "") for c in fields.sequence(item.get("tests"), "tests", item.place))
    return Derived(
        name,
        str(fields.text(item, "zh", default="")),
        scope.derived[name],
        str(fields.text(item, "unit", default="")),
        str(fields.text(item, "say", default="")),
        str(fields.text(item, "say_en", default="")),
        tuple(forms),
        cases,
        item.place,
    )


def _form(found: Mapping, scope: Scope, region: str, name: str) -> DerivedForm:
    text = fields.text(found, "is")
    node = parse(text, scope)
    if node_type(node) != scope.derived[name]:
        raise fields.refuse(
            f"“{name}”写的类型是 {scope.derived[name]}，表达式给出的是 {node_type(node)}",
            f"{name!r} is declared {scope.derived[name]}, its expression gives {node_type(node)}",
            text.place,
            "改 type 或表达式",
            "mend the type or the expression",
            code="E_TYPE",
        )
    source = "；".join(str(s) for s in fields.sources(found))
    return DerivedForm(
        region or fields.region(found, "region"),
        node,
        str(text),
        source,
        str(fields.text(found, "status", default="verified")),
        str(fields.text(found, "dates", default="verified")),
        found.place,
    )


def _policies(documents: Documents, scope: Scope) -> dict[str, Policy]:
    found: dict[str, Policy] = {}
    for pack, document in documents:
        if "policy" in document:
            name = str(fields.text(document, "policy"))
            base = found.get(name)
            if base is not None and base.pack == pack.id:
                raise fields.refuse(
                    f"政策“{name}”在同一规则包里写了两个文件",
                    f"policy {name!r} has two files in one pack",
                    document.place,
                    "合成一个",
                    "merge them",
                    code="E_POLICY_TWICE",
                )
            found[name] = read_policy(document, scope, pack.id, base)
    return dict(sorted(found.items()))


def _parameters(documents: Documents, scope: Scope) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for _, document in documents:
        if "parameters" in document and "policy" not in document:
            for name, parameter in read_parameters(document["parameters"], scope, document.place).items():
                found[name] = replace(found[name], values=found[name].values + parameter.values) if name in found else parameter
    return found


def _cases(documents: Documents) -> Iterable[Case]:
    for _, document in documents:
        for key in ("cases", "tests"):
            yield from (read_case(item, "") for item in _list_of(document, key))
