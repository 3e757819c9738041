"""A YAML file as plain values plus the line of every value, so that a mistake in a plan is named with file, key and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from leye.kernel.errors import BadInput, Place


@dataclass(slots=True)
class Doc:
    """value: what the file says · lines: dotted path of each key or item to its line, from 1 · problems: what is wrong, collected."""

    file: str
    value: object
    lines: dict[str, int]
    problems: list[Place] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, path: str, zh: str, en: str) -> None:
        """Remember a mistake at a dotted path."""
        line = self.lines.get(path) or self.lines.get(path.rpartition(".")[0]) or 1
        self.problems.append(Place(self.file, row=line, column=path or None))
        self.words.append((zh, en))

    def mapping(self, value: object, path: str, allowed: set[str], required: set[str]) -> dict[str, object]:
        """The value as a mapping with known keys; anything else is remembered as wrong and left out."""
        if not isinstance(value, dict):
            self.wrong(path, f"“{path or '文件'}”应是“键: 值”的形式", f"{path or 'the file'} must be a mapping")
            return {}
        for key in value:
            if key not in allowed:
                self.wrong(_join(path, key), f"不认识的键“{key}”，可用：{'、'.join(sorted(allowed))}", f"unknown key {key!r}")
        for key in sorted(required - value.keys()):
            self.wrong(path, f"缺少“{key}”", f"{key!r} is missing")
        return {str(k): v for k, v in value.items() if k in allowed}

    def text(self, part: dict[str, object], key: str, path: str, *, one_of: tuple[str, ...] = (), default: str = "") -> str:
        """A non-empty text, or the default where the key is absent."""
        if key not in part:
            return default
        value = part[key]
        if not isinstance(value, str) or not value.strip():
            self.wrong(_join(path, key), f"“{key}”应写成文字", f"{key!r} must be a text")
            return default
        if one_of and value not in one_of:
            self.wrong(_join(path, key), f"“{key}”不能是“{value}”，可选：{'、'.join(one_of)}", f"{key!r} cannot be {value!r}")
        return value

    def whole(self, part: dict[str, object], key: str, path: str) -> int:
        """A whole number of at least 0; 0 where absent or wrong."""
        value = part.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong(_join(path, key), f"“{key}”应是不小于0的整数", f"{key!r} must be a whole number of at least 0")
            return 0
        return value

    def day(self, part: dict[str, object], key: str, path: str) -> date | None:
        """A date or null."""
        value = part.get(key)
        if value is not None and type(value) is not date:
            self.wrong(_join(path, key), f"“{key}”应是日期，例如 2025-01-01", f"{key!r} must be a date")
            return None
        return value

    def texts(self, part: dict[str, object], key: str, path: str, *, one_of: frozenset[str] | None = None) -> tuple[str, ...]:
        """A list of texts; `one_of` names the known ones."""
        value = part.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(_join(path, key), f"“{key}”应是列表，例如 [a, b]", f"{key!r} must be a list of texts")
            return ()
        for i, word in enumerate(value):
            if one_of is not None and word not in one_of:
                self.wrong(f"{_join(path, key)}.{i}", f"“{key}”里的“{word}”不认识", f"unknown {word!r} in {key!r}")
        return tuple(value)

    def items(self, part: dict[str, object], key: str, path: str) -> list[tuple[str, object]]:
        """Dotted path and value of each item of a list; empty where absent or no list."""
        value = part.get(key, [])
        if not isinstance(value, list):
            self.wrong(_join(path, key), f"“{key}”应是列表，每项以“- ”开头", f"{key!r} must be a list")
            return []
        return [(f"{_join(path, key)}.{i}", v) for i, v in enumerate(value)]

    def finish(self) -> None:
        """Raise BadInput with every mistake of the file at its line."""
        if self.problems:
            zh = "；".join(f"第{p.row}行 {z}" for p, (z, _) in zip(self.problems, self.words, strict=True))
            en = "; ".join(f"line {p.row}: {e}" for p, (_, e) in zip(self.problems, self.words, strict=True))
            raise BadInput(f"预案文件写得不对：{zh}", en=f"the plan file is wrong: {en}", remedy_zh="字段说明见 docs/reference/plans.md",
                           places=tuple(self.problems), code="E_PLAN")  # fmt: skip


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def read_yaml(file: Path) -> Doc:
    """Values and lines of one file. Raises BadInput (E_PLAN) with the line when the text is no YAML, no UTF-8 or uses a key twice."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        doc = Doc(file.name, yaml.safe_load(text), {})
    except UnicodeDecodeError as error:
        raise BadInput(
            "文件不是 UTF-8 编码", en="the file is not UTF-8", remedy_zh="另存为 UTF-8", places=(Place(file.name, row=1),), code="E_PLAN"
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else 1
        raise BadInput(
            f"第{row}行的写法不是 YAML（常见原因：缩进不齐、冒号后少空格）", en=f"line {row} is no YAML",
            remedy_zh="对照同一文件夹里的其他预案改写", places=(Place(file.name, row=row),), code="E_PLAN",
        ) from error  # fmt: skip
    if node is not None:
        _walk(node, "", doc)
    doc.finish()
    return doc


def _walk(node: yaml.Node, path: str, doc: Doc) -> None:
    doc.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = _join(path, key.value)
            if inner in doc.lines:
                doc.lines[inner] = key.start_mark.line + 1
                doc.wrong(inner, f"键“{key.value}”写了两次", f"key {key.value!r} twice")
            _walk(value, inner, doc)
            doc.lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _walk(value, f"{path}.{i}", doc)
