"""What a version is: the hash of its code and of its configuration. A copy under another name is the same version.

Python is hashed by its syntax tree without comments, bare texts, layout and file names, other files by their words; so moving, renaming or
reformatting does not make a new version. Renaming variables does: that is a changed program, which goes through the register anew.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from leye.trust.registry.card import Card, ConfigValue

_UNSEEN = {"type_params", "kind", "ctx", "type_comment", "type_ignores"}
"""Fields of the tree that say nothing about what runs, or that one Python has and another has not."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an algorithm. name: as people find it · text: its content."""

    name: str
    text: str

    @property
    def is_python(self) -> bool:
        """Whether it can be read as a program."""
        return self.name.endswith(".py")


@dataclass(frozen=True, slots=True)
class Identity:
    """code_hash, config_hash: 64 hex digits · version_hash: over both."""

    code_hash: str
    config_hash: str

    @property
    def version_hash(self) -> str:
        """The version's identity."""
        return hashlib.sha256(f"{self.code_hash}:{self.config_hash}".encode()).hexdigest()


def sources_of(card: Card, roots: Iterable[Path]) -> list[Source]:
    """The files that the card's paths name below the first root that has any; by name. Empty when there are none."""
    for root in roots:
        base = root.resolve()
        found = {f for pattern in card.code.paths for f in base.glob(pattern) if f.is_file() and f.resolve().is_relative_to(base)}
        if found:
            return [Source(str(f.relative_to(base)), f.read_text(encoding="utf-8", errors="replace")) for f in sorted(found)]
    return []


def identity_of(card: Card, sources: Iterable[Source]) -> Identity:
    """The identity of a version: what runs, and how it is set."""
    return Identity(code_hash(sources), config_hash(card.config))


def code_hash(sources: Iterable[Source]) -> str:
    """Over the contents, whatever the files are called and in whatever order they come."""
    return hashlib.sha256("".join(sorted(content_hash(s) for s in sources)).encode()).hexdigest()


def content_hash(source: Source) -> str:
    """64 hex digits of one file's content, as described above."""
    return _content_hash(source.text, source.is_python)


def file_hashes(sources: Iterable[Source]) -> dict[str, int]:
    """Content hash of each file -> its size in characters."""
    return {content_hash(s): len(s.text) for s in sources}


def share_copied(ours: Mapping[str, int], theirs: Mapping[str, int]) -> float:
    """Which share of `theirs`, by size, is found word for word in `ours`; 0 when there is nothing."""
    size = sum(theirs.values())
    return sum(n for name, n in theirs.items() if name in ours) / size if size else 0.0


def config_hash(config: Mapping[str, ConfigValue]) -> str:
    """Over the settings by name; 1 and 1.0 are the same setting."""
    plain = {k: float(v) if isinstance(v, int | float) and not isinstance(v, bool) else v for k, v in config.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@lru_cache(maxsize=512)
def _content_hash(text: str, is_python: bool) -> str:
    if is_python:
        try:
            return hashlib.sha256(_shape(ast.parse(text)).encode()).hexdigest()
        except (SyntaxError, ValueError, RecursionError):
            pass  # no program after all: its words count
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _shape(node: object) -> str:
    """Text of a syntax tree that two Pythons write alike: empty fields are left out."""
    if isinstance(node, ast.AST):
        parts = (f"{name}={_shape(value)}" for name, value in ast.iter_fields(node) if name not in _UNSEEN and value not in (None, []))
        return f"{type(node).__name__}({','.join(parts)})"
    if isinstance(node, list):
        return f"[{','.join(_shape(entry) for entry in node if not _does_nothing(entry))}]"
    return repr(node)


def _does_nothing(node: object) -> bool:
    """Docstrings, bare constants and `pass`: statements that can be strewn in without changing what runs."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
