"""Names that a program reads: identifiers, attributes, arguments and texts of one word. Comments and docstrings are not use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from leye.trust.registry.identity import Source

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*|[\u4e00-\u9fff]+")
_LONGEST = 60


def names_used(sources: Iterable[Source]) -> dict[str, tuple[str, int]]:
    """Every name to the file and line of its first use. Files that are no Python count word by word, comments included: they are statements."""
    found: dict[str, tuple[str, int]] = {}
    for source in sources:
        for name, line in _names(source.text, source.is_python):
            found.setdefault(name, (source.name, line))
    return found


def constants_set(sources: Iterable[Source]) -> dict[str, tuple[object, str, int]]:
    """Settings at the top of Python files: NAME to its literal value, file and line; a name that two files set differently is left out."""
    found: dict[str, tuple[object, str, int]] = {}
    twice = set()
    for source in (s for s in sources if s.is_python):
        for name, value, line in _constants(source.text):
            if name in found and found[name][0] != value:
                twice.add(name)
            found.setdefault(name, (value, source.name, line))
    return {name: entry for name, entry in found.items() if name not in twice}


@lru_cache(maxsize=512)
def _names(text: str, is_python: bool) -> tuple[tuple[str, int], ...]:
    if is_python:
        try:
            return tuple(_of_tree(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError):
            pass
    return tuple((m[0], number) for number, line in enumerate(text.splitlines(), 1) for m in _WORD.finditer(line))


def _of_tree(tree: ast.Module) -> Iterator[tuple[str, int]]:
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings, and texts that stand alone
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        if isinstance(node, ast.Name):
            yield node.id, line
        elif isinstance(node, ast.Attribute):
            yield node.attr, line
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg, line
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken and len(node.value) <= _LONGEST:
            yield node.value, line


def _constants(text: str) -> Iterator[tuple[str, object, int]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in tree.body:
        if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets) and isinstance(node.value, ast.Constant):
            yield from ((t.id, node.value.value, node.lineno) for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(node.targets[0].elts, node.value.elts, strict=False)
            yield from ((t.id, v.value, node.lineno) for t, v in pairs if isinstance(t, ast.Name) and isinstance(v, ast.Constant))
