"""YAML whose values know where they stand: every scalar stays a string, and each value carries its file and line.

YAML 1.1 reads `no`, `on` and `2/3` as it likes, so nothing is converted here (PyYAML's base resolver with libyaml's parser). A key that stands twice
is refused: with plain YAML the second would win in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import yaml

from leye.kernel.errors import BadInput, Place

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Text(str):
    """A scalar. `file` and `line` (from 1) say where it stands."""

    __slots__ = ("file", "line")
    file: str
    line: int

    def __new__(cls, value: str, file: str = "", line: int = 0) -> Text:
        """A scalar at its place."""
        text = super().__new__(cls, value)
        text.file, text.line = file, line
        return text

    @property
    def place(self) -> Place:
        """Where it stands, for an error."""
        return Place(file=self.file or None, row=self.line or None)


class Mapping(dict[str, "Value"]):
    """A mapping in the order of the file; keys are `Text`."""

    __slots__ = ("file", "line")
    file: str
    line: int

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(file=self.file or None, row=self.line or None)


class Sequence(list["Value"]):
    """A list in the order of the file."""

    __slots__ = ("file", "line")
    file: str
    line: int

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(file=self.file or None, row=self.line or None)


Value: TypeAlias = Text | Mapping | Sequence


def read_located(path: Path, *, shown: str = "") -> Value:
    """The one document of a file. shown: the name that errors give the file. Raises BadInput (E_YAML, E_KEY_TWICE) with the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            "文件不是 UTF-8 编码", en="the file is not UTF-8", remedy_zh="另存为 UTF-8", places=(Place(file=shown or path.name),), code="E_YAML"
        ) from error
    return parse_located(text, file=shown or path.name)


def parse_located(text: str, *, file: str = "") -> Value:
    """The one document of a text. Raises BadInput (E_YAML, E_KEY_TWICE) with the line."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(
            f"YAML 写法不对：{getattr(error, 'problem', None) or error}",
            en=f"not YAML: {getattr(error, 'problem', None) or error}",
            remedy_zh="看这一行的缩进、冒号后的空格和引号",
            remedy_en="look at the indentation, the space after the colon and the quotes of that line",
            places=(Place(file=file, row=mark.line + 1 if mark else None),),
            code="E_YAML",
        ) from error
    if node is None:
        raise BadInput(
            "文件是空的",
            en="the file is empty",
            remedy_zh="写上内容，或删掉这个文件",
            remedy_en="write something or remove the file",
            places=(Place(file=file),),
            code="E_YAML",
        )
    return _value(node, file)


def _value(node: yaml.Node, file: str) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, file, line)
    if isinstance(node, yaml.SequenceNode):
        found = Sequence(_value(part, file) for part in node.value)
        found.file, found.line = file, line
        return found
    mapping = Mapping()
    mapping.file, mapping.line = file, line
    for key_node, value_node in node.value:
        key = Text(str(key_node.value), file, key_node.start_mark.line + 1)
        if key in mapping:
            raise BadInput(
                f"“{key}”在同一处写了两次",
                en=f"{key!r} stands twice in one place",
                remedy_zh="只留一个",
                remedy_en="keep one of them",
                places=(key.place,),
                code="E_KEY_TWICE",
            )
        mapping[key] = _value(value_node, file)
    return mapping


def texts(value: Value | None) -> Iterator[Text]:
    """All scalars of a value, in order."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from texts(part)
