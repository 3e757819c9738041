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
    """The one document of a text. Raises BadInput (E_YAML, E_KEY_TWICE) with the line.

    Built from the parser's events: PyYAML's composer recurses in C, and a text of a hundred thousand brackets would end the process. Nesting beyond
    DEEPEST and references (`*name`), by which a short text can grow without bound, are refused; the language needs neither.
    """
    try:
        return _built(yaml.parse(text, Loader=_Loader), file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _not_yaml(
            f"YAML 写法不对：{getattr(error, 'problem', None) or error}",
            f"not YAML: {getattr(error, 'problem', None) or error}",
            Place(file=file, row=mark.line + 1 if mark else None),
            "看这一行的缩进、冒号后的空格和引号",
            "look at the indentation, the space after the colon and the quotes of that line",
        ) from error


DEEPEST = 60  # chosen by us: levels; the deepest shipped file has 12


def _built(events: Iterator[yaml.Event], file: str) -> Value:
    """Values from events, without recursion."""
    root: Value | None = None
    stack: list[tuple[Mapping | Sequence, Text | None]] = []  # what is open, and the key that waits for its value
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise _not_yaml("不能用引用（*）", "references (*) are not allowed", _at(event, file), "把内容写出来", "write it out")
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _not_yaml("一个文件里有两份文档（---）", "two documents in one file (---)", _at(event, file), "分成两个文件", "make two files")
            continue
        value = _opened(event, file)
        if not stack:
            root = value
        else:
            stack[-1] = _put(stack[-1], value)
        if not isinstance(value, Text):
            stack.append((value, None))
            if len(stack) > DEEPEST:
                raise _not_yaml("套得太深", "nested too deeply", _at(event, file), "检查括号和缩进", "look at the brackets and the indentation")
    if root is None:
        raise _not_yaml("文件是空的", "the file is empty", Place(file=file), "写上内容，或删掉这个文件", "write something or remove the file")
    return root


def _opened(event: yaml.NodeEvent, file: str) -> Value:
    line = _line(event)
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, file, line)
    made: Mapping | Sequence = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
    made.file, made.line = file, line
    return made


def _put(top: tuple[Mapping | Sequence, Text | None], value: Value) -> tuple[Mapping | Sequence, Text | None]:
    """Put a value into what is open; in a mapping every other one is a key."""
    holder, key = top
    if isinstance(holder, Sequence):
        holder.append(value)
        return holder, None
    if key is not None:
        holder[key] = value
        return holder, None
    if not isinstance(value, Text):
        raise _not_yaml("键要写成一个词", "a key should be one word", value.place, "检查括号和缩进", "look at the brackets and the indentation")
    if value in holder:
        raise BadInput(
            f"“{value}”在同一处写了两次",
            en=f"{str(value)!r} stands twice in one place",
            remedy_zh="只留一个",
            remedy_en="keep one of them",
            places=(value.place,),
            code="E_KEY_TWICE",
        )
    return holder, value


def _at(event: yaml.Event, file: str) -> Place:
    return Place(file=file, row=_line(event))


def _line(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1


def _not_yaml(zh: str, en: str, place: Place, remedy_zh: str, remedy_en: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, places=(place,), code="E_YAML")


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
