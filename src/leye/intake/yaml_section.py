"""A YAML file read with its line numbers, so that a wrong key can be named with file, key and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from leye.kernel.errors import BadInput, Place


def spec_error(file: Path | str, line: int, key: str, zh: str, *, en: str, remedy_zh: str = "") -> BadInput:
    """The one error of a wrong spec: code E_SPEC, with the line counted from 1 and the dotted key."""
    return BadInput(zh, en=en, remedy_zh=remedy_zh, places=(Place(str(file), row=line, column=key or None),), code="E_SPEC")


class Section:
    """A mapping of the file. Every read names its key; `done` refuses keys that nobody read."""

    def __init__(self, node: yaml.MappingNode, *, file: Path, at: str = "") -> None:
        self.file, self.at, self.line = file, at, node.start_mark.line + 1
        self.nodes: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        self.read: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in self.nodes:
                raise spec_error(file, line, self._dotted(name), f"键“{name}”写了两次", en=f"key {name!r} is written twice")
            self.nodes[name], self.lines[name] = value, line

    def _dotted(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def wrong(self, key: str, zh: str, *, en: str, remedy_zh: str = "") -> BadInput:
        """The error for a key of this section."""
        return spec_error(self.file, self.lines.get(key, self.line), self._dotted(key), zh, en=en, remedy_zh=remedy_zh)

    def _take(self, key: str) -> yaml.Node | None:
        self.read.add(key)
        node = self.nodes.get(key)
        return None if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null") else node

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._take(key) is not None

    def text(self, key: str, default: str | None = None, *, one_of: Iterable[str] = ()) -> str:
        """A scalar as it is written; with `one_of`, one of these words."""
        node = self._take(key)
        if node is None:
            if default is None:
                raise self.wrong(key, f"缺少“{key}”", en=f"{key!r} is missing", remedy_zh="请补上这个键")
            return default
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(key, f"“{key}”应是一个值", en=f"{key!r} must be one value")
        allowed = tuple(one_of)
        if allowed and node.value not in allowed:
            raise self.wrong(key, f"“{key}”不能是“{node.value}”", en=f"{key!r} may not be {node.value!r}", remedy_zh=f"可选：{'、'.join(allowed)}")
        return str(node.value)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        return self.text(key, str(default).lower(), one_of=("true", "false")) == "true"

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        text = self.text(key, None if default is None else repr(default)).replace("_", "")
        if not re.fullmatch(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?", text):
            raise self.wrong(key, f"“{key}”应是数字，写的是“{text}”", en=f"{key!r} must be a number, not {text!r}")
        return float(text)

    def whole(self, key: str, default: int, *, least: int = 1) -> int:
        """An integer of at least `least`."""
        value = self.number(key, default)
        if value != int(value) or value < least:
            raise self.wrong(key, f"“{key}”应是不小于 {least} 的整数", en=f"{key!r} must be an integer of at least {least}")
        return int(value)

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of scalars; one scalar alone counts as a list of one."""
        node = self._take(key)
        if node is None:
            if default is None:
                raise self.wrong(key, f"缺少“{key}”", en=f"{key!r} is missing", remedy_zh="请补上这个键")
            return default
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(item, yaml.ScalarNode) for item in items):
            raise self.wrong(key, f"“{key}”应是一列值", en=f"{key!r} must be a list of values")
        return tuple(str(item.value) for item in items)

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        """A list of regular expressions."""
        return tuple(self._compile(key, text) for text in self.texts(key))

    def pattern(self, key: str) -> re.Pattern[str]:
        """One regular expression."""
        return self._compile(key, self.text(key))

    def _compile(self, key: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise self.wrong(key, f"“{text}”不是正则表达式：{error}", en=f"{text!r} is no regular expression: {error}") from error

    def section(self, key: str) -> Section | None:
        """A mapping below this one, or None when absent."""
        node = self._take(key)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(key, f"“{key}”应是一组键值", en=f"{key!r} must be a mapping")
        return Section(node, file=self.file, at=self._dotted(key))

    def needed(self, key: str) -> Section:
        """A mapping below this one that must be there."""
        below = self.section(key)
        if below is None:
            raise self.wrong(key, f"缺少“{key}”", en=f"{key!r} is missing", remedy_zh="请补上这个键")
        return below

    def sections(self, key: str) -> list[Section]:
        """A list of mappings; one mapping alone counts as a list of one."""
        node = self._take(key)
        if not isinstance(node, yaml.SequenceNode):
            only = self.section(key)
            return [only] if only else []
        if not all(isinstance(item, yaml.MappingNode) for item in node.value):
            raise self.wrong(key, f"“{key}”应是一列键值组", en=f"{key!r} must be a list of mappings")
        return [Section(item, file=self.file, at=self._dotted(key)) for item in node.value]

    def mapping(self, key: str) -> dict[str, str]:
        """Words to words; empty when absent."""
        below = self.section(key)
        return {} if below is None else {name: below.text(name) for name in below.nodes}

    def done(self) -> None:
        """Refuse what was not read, naming the nearest key that is known."""
        for key in self.nodes:
            if key not in self.read:
                near = difflib.get_close_matches(key, sorted(self.read), n=1, cutoff=0.5)
                remedy = f"是不是“{near[0]}”？" if near else f"可用的键：{'、'.join(sorted(self.read))}"
                raise self.wrong(key, f"不认识的键“{key}”", en=f"unknown key {key!r}", remedy_zh=remedy)


def open_yaml(file: Path) -> Section:
    """The top mapping of a YAML file. Raises BadInput: no file, not UTF-8, broken YAML (with its line), no mapping."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise BadInput(f"打不开文件：{file}", en=f"cannot open {file}", remedy_zh="请检查路径", places=(Place(str(file)),), code="E_SPEC") from error
    except UnicodeDecodeError as error:
        raise spec_error(file, 1, "", "说明文件不是 UTF-8 编码", en="the spec is not UTF-8", remedy_zh="请另存为 UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        zh, en = f"YAML 写法有误：{error.problem}", f"broken YAML: {error.problem}"
        raise spec_error(file, line, "", zh, en=en, remedy_zh="请检查缩进和冒号") from error
    except yaml.YAMLError as error:
        raise spec_error(file, 1, "", "YAML 里有不能读的字符", en="unreadable character in YAML") from error
    if not isinstance(root, yaml.MappingNode):
        raise spec_error(file, 1, "", "说明文件应是一组键值", en="a spec is a mapping", remedy_zh="请照示例写 spec、source、read、fields")
    return Section(root, file=file)
