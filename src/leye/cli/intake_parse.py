"""`leye intake parse KIND`: one JSON object for every line of standard input, in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

import typer

from leye.kernel.clock import beijing_day, clock_from_environment
from leye.kernel.errors import BadInput, Place

_KEPT = 100_000  # chosen by us: distinct cells remembered, some 50 MB; a column rarely has more


def parse(
    kind: str = typer.Argument(..., help="salary period number region industry occupation person_id org_id"),
    period: str = typer.Option("", "--period", help="当前时期，如 2022-08：读“上月”和当时的区划表。The current period."),
    home: str = typer.Option("", "--home", help="本地区划（名称或代码），用来定“和平区”是哪一个。Home region."),
    as_json: bool = typer.Option(False, "--json", help="输出总是 JSON，每行一个。Output is JSON either way."),
) -> None:
    """逐行解析单元格：标准输入每行一个值，标准输出每行一个 JSON。Parse cells, one a line."""
    from leye.intake.cells.dispatch import cell_parser
    from leye.intake.cells.outcome import as_dict

    read = cell_parser(kind, period=period or None, home=home or None, today=beijing_day(clock_from_environment()()))

    @lru_cache(maxsize=_KEPT)
    def answer(raw: str) -> str:
        return json.dumps({"raw": raw, **as_dict(read(raw))}, ensure_ascii=False, allow_nan=False)

    for raw in _lines(sys.stdin.buffer):
        sys.stdout.write(answer(raw) + "\n")


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines as text without their ends; a byte order mark at the start is dropped. Raises BadInput on bytes that are no UTF-8."""
    for number, line in enumerate(stream, start=1):
        bare = line.removesuffix(b"\n").removesuffix(b"\r")
        try:
            text = bare.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(
                f"输入不是 UTF-8（第 {error.start + 1} 个字节）",
                en=f"standard input is not UTF-8 (byte {error.start + 1} of the line)",
                remedy_zh="请先转成 UTF-8，例如 iconv -f gb18030 -t utf-8",
                remedy_en="convert it first, for example iconv -f gb18030 -t utf-8",
                places=(Place(file="stdin", row=number),),
                code="E_ENC",
            ) from error
        yield text.removeprefix("\ufeff") if number == 1 else text
