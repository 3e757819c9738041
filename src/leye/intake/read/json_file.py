"""JSON: a list of objects, or {"rows": [...]}. Row n is the n-th object; nested keys are joined as headers are. Figures keep their spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator

from leye.intake.read.sheet import Sheet
from leye.kernel.errors import BadInput, Place


class _Figure(str):
    """A number of the file in its own spelling."""


def read_json(text: str, *, file: str, join: str) -> Sheet:
    """The rows as a sheet whose first line are the keys in order of first appearance. Raises BadInput with the line of the fault."""
    try:
        found = json.loads(text, parse_float=_Figure, parse_int=_Figure, parse_constant=_Figure)
    except json.JSONDecodeError as error:
        raise _bad(file, error.lineno, f"JSON 写法有误：{error.msg}", f"broken JSON: {error.msg}") from error
    except RecursionError as error:
        raise _bad(file, 1, "JSON 嵌套太深", "JSON is nested too deeply") from error
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise _bad(file, 1, '应是对象的数组，或 {"rows": […]}', 'expected a list of objects or {"rows": [...]}')
    flat: list[dict[str, str]] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise _bad(file, number, f"第 {number} 个元素不是对象", f"element {number} is no object")
        flat.append(dict(_flat(row, join)))
    keys = list(dict.fromkeys(k for row in flat for k in row))
    return Sheet(None, [keys, *([row.get(k, "") for k in keys] for row in flat)], [0, *range(1, len(flat) + 1)], header_is_keys=True)


def _flat(row: dict[str, object], join: str, above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        name = f"{above}{join}{key}" if above else key
        if isinstance(value, dict):
            yield from _flat(value, join, name)
        elif value is None:
            yield name, ""
        elif isinstance(value, bool):
            yield name, str(value).lower()
        elif isinstance(value, str):
            yield name, value
        else:
            yield name, json.dumps(value, ensure_ascii=False)


def _bad(file: str, row: int, zh: str, en: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh="请检查文件内容，或让对方重新导出", places=(Place(file, row=row),), code="E_HEADER")
