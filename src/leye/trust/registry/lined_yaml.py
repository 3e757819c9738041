"""A YAML document as plain values plus the line of every value, so that a mistake in a card is named with file, key and line.

Cards come from other companies too: no aliases (a few lines of them can unfold to gigabytes), no key twice, a cap on the size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from leye.kernel.errors import BadInput, Place

MOST_BYTES = 256 * 1024  # chosen by us: the longest shipped card has a twentieth of it
MOST_DEEP = 64  # chosen by us: cards go six levels deep, and the fast parser has no guard of its own stack
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: ten times as fast


@dataclass(frozen=True, slots=True)
class Document:
    """file: its name for messages · value: what it says · lines: dotted path of each key or item to its line, from 1."""

    file: str
    value: Any
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, path: str) -> int:
        """Line of a dotted path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def place(self, path: str) -> Place:
        """The same as the place of an error."""
        return Place(self.file, row=self.line(path), column=path or None)


def read_lined(text: str, *, file: str, code: str) -> Document:
    """The document. Raises BadInput with `code` and the line: no YAML, an alias, a key twice, too long."""
    if len(text.encode()) > MOST_BYTES:
        raise _bad(file, 1, f"文件超过 {MOST_BYTES // 1024} KiB", f"the file is over {MOST_BYTES // 1024} KiB", code)
    try:
        _refuse_hostile(text, file, code)
        loader = _LOADER(text)
        node = loader.get_single_node()
        value = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else 1
        raise _bad(file, row, f"第 {row} 行的写法不是 YAML（常见原因：缩进不齐、冒号后少空格）", f"line {row} is no YAML", code) from error
    lines: dict[str, int] = {}
    if node is not None:
        _walk(node, "", lines, file, code)
    return Document(file, value, lines)


def _refuse_hostile(text: str, file: str, code: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        row = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.AliasEvent):
            raise _bad(file, row, f"第 {row} 行用了 YAML 的别名（*），这里不收", f"line {row} uses a YAML alias, which is not taken here", code)
        if depth > MOST_DEEP:
            raise _bad(file, row, f"第 {row} 行嵌套超过 {MOST_DEEP} 层", f"line {row} is nested over {MOST_DEEP} levels deep", code)


def _walk(node: yaml.Node, path: str, lines: dict[str, int], file: str, code: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                row = key.start_mark.line + 1
                raise _bad(file, row, f"第 {row} 行的键“{key.value}”写了两次", f"line {row}: key {key.value!r} twice", code)
            seen.add(key.value)
            inner = f"{path}.{key.value}" if path else str(key.value)
            lines[inner] = key.start_mark.line + 1
            _walk(value, inner, lines, file, code)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _walk(value, f"{path}.{i}" if path else str(i), lines, file, code)


def _bad(file: str, row: int, zh: str, en: str, code: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh="对照随附的卡片改写", remedy_en="compare with a shipped card", places=(Place(file, row=row),), code=code)
