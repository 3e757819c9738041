"""Lines `{"id","text"}` of a file, checked before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

from leye.kernel.errors import BadInput, Place
from leye.match.fold import whole

LONGEST = 1_000_000
"""Characters of one résumé; longer is no résumé. # chosen by us: a 2 MB file of Chinese text has 700,000"""


def read_lines(file: Path) -> list[tuple[str | int, str]]:
    """(id, text) a line; blank lines are left out. Raises BadInput (E_NO_FILE, E_RESUME_LINE) with the row."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(
            f"没有这个文件：{file}", en=f"no such file: {file}", remedy_zh="检查路径", remedy_en="check the path", code="E_NO_FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise _bad(file, 1, "不是 UTF-8", "not UTF-8") from error
    rows: list[tuple[str | int, str]] = []
    seen: set[str | int] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _bad(file, number, "不是一行 JSON", "no JSON") from error
        name, text = (row.get("id"), row.get("text")) if isinstance(row, dict) else (None, None)
        if not isinstance(name, str | int) or isinstance(name, bool) or not isinstance(text, str):
            raise _bad(file, number, "缺 id 或 text", "id or text is missing")
        if isinstance(name, str) and name != whole(name):
            raise _bad(file, number, "id 里有写不出的字符", "the id holds half a character")
        if name in seen:
            raise _bad(file, number, f"id {name} 出现两次", f"id {name} stands twice")
        if len(text) > LONGEST:
            raise _bad(file, number, f"这份有 {len(text):,} 个字，最多 {LONGEST:,}", f"{len(text):,} characters, at most {LONGEST:,}")
        seen.add(name)
        rows.append((name, text))
    return rows


def _bad(file: Path, number: int, zh: str, en: str) -> BadInput:
    return BadInput(
        zh,
        en=en,
        remedy_zh='每行一份简历：{"id": "1", "text": "……"}',
        remedy_en='one résumé a line: {"id": "1", "text": "…"}',
        places=(Place(str(file), row=number),),
        code="E_RESUME_LINE",
    )
