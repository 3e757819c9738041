"""`leye trust swap`: counterfactual swaps of a table of pairs, or of any program that reads CSV and answers CSV."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    from leye.trust.audit.swap import Swap


def swap(
    table: Annotated[Path, typer.Argument(help="成对结果 pair_id,group,outcome；用 --run 时是输入行 / pairs, or rows for --run (.csv, .parquet)")],
    run: Annotated[str, typer.Option("--run", help="被测程序：从标准输入读 CSV，往标准输出写含 outcome 列的 CSV / program under test")] = "",
    column: Annotated[str, typer.Option("--column", help="只换这一列，如 sex / the column to swap")] = "",
    between: Annotated[str, typer.Option("--between", help="换成哪些值，如 女,男 / values to put in")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """换组测试：其余不变，只换性别或年龄，结果变不变；有变化退出码为 1。Counterfactual swap; exit 1 when outcomes change with the group."""
    from leye.trust.audit.swap import pairs_in, swap_test

    rows = _read(table)
    if run:
        if not column:
            raise BadInput("用 --run 时要写 --column", en="--run needs --column", remedy_zh="例如 --column sex --between 女,男")
        found = swap_test(_Program(run), rows, column, [v.strip() for v in between.split(",") if v.strip()])
    else:
        found = pairs_in(rows)
    _say(found, as_json=as_json)
    if not all(s.is_neutral for s in found):
        raise SystemExit(1)


class _Program:
    """A program as an algorithm under test: one run a question, rows in and outcomes out in the same order."""

    def __init__(self, command: str) -> None:
        import shlex

        self.words = shlex.split(command)

    def outcome(self, rows: pl.DataFrame) -> npt.NDArray[np.float64]:
        """(rows,) outcomes. Raises BadInput when the program fails or answers without the column."""
        import subprocess

        import polars as pl

        try:
            done = subprocess.run(self.words, input=rows.write_csv().encode(), capture_output=True, check=True)
            answer = pl.read_csv(done.stdout, columns=["outcome"])["outcome"].cast(pl.Float64)
        except (OSError, subprocess.SubprocessError, pl.exceptions.PolarsError) as error:
            raise BadInput(
                f"被测程序没有回答：{str(error).splitlines()[0][:200]}",
                en=f"the program under test gave no answer: {str(error).splitlines()[0][:200]}",
                remedy_zh="它要从标准输入读 CSV，往标准输出写带 outcome 列的 CSV",
                remedy_en="it reads CSV from standard input and writes CSV with a column outcome",
                code="E_SWAP_PROGRAM",
            ) from error
        return answer.to_numpy()


def _read(file: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(file) if file.suffix.lower() == ".parquet" else pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadInput(
            f"读不出 {file.name}", en=f"cannot read {file.name}: {error}", remedy_zh="要 UTF-8 的 CSV 或 Parquet", code="E_SWAP_FILE"
        ) from error


def _say(found: list[Swap], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps([s.as_dict() for s in found], ensure_ascii=False) + "\n")
        return
    for s in found:
        verdict = "没有一对变化" if s.is_neutral else f"{s.raised} 对变高、{s.lowered} 对变低"
        change = f"平均变化 {s.mean_change:+.4g}（{s.lo:+.4g} 至 {s.hi:+.4g}）"
        sys.stdout.write(f"{s.column}：{s.first} → {s.second}\t{s.pairs} 对\t{verdict}\t{change}\tp = {s.p:.3g}\n")
