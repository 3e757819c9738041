"""`leye match code`: titles to 7-digit occupation codes with probabilities, or a question."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

    from leye.match.occupations.coder import Coded


def code(
    titles: Annotated[Path, typer.Argument(help="职位名称表，列 id,title[,description]（.csv .parquet .jsonl） / table of titles")],
    out: Annotated[Path, typer.Option("--out", help="编码写到这里（.csv .parquet .json） / where codes go")],
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="每个名称几个答案 / answers a title")] = 5,
    month: Annotated[str, typer.Option("--month", help="按哪个月的职业表，YYYY-MM，默认最新 / table of which month")] = "",
    model: Annotated[Path | None, typer.Option("--model", help="自己训练的模型，默认用随附的 / a model of one's own")] = None,
    overrides: Annotated[Path | None, typer.Option("--overrides", help="更正表 title,code[,from]，页上下载的即可 / corrections")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """职位名称编码到职业分类大典：每个答案有概率；没有把握时给出要问的话和有把握的上级类。Titles to codes, with a probability or a question."""
    from leye.cli.table_file import check_ending, write_table
    from leye.cli.titles_file import read_overrides, read_titles
    from leye.match.occupations.coder import code_titles
    from leye.match.occupations.model import load, shipped_model
    from leye.match.occupations.table import newest_month, table_of

    check_ending(out)
    read = read_titles(titles)
    table = table_of(month or newest_month())
    held = shipped_model() if model is None else load(model)
    corrections = read_overrides(overrides, table) if overrides else []
    coded = code_titles(_said(read), held, table, top=top, overrides=corrections)
    write_table(_answers(read["id"].to_list(), coded), out)
    _tell(read, coded, out, table.month, as_json)


def train_codes(
    titles: Annotated[Path, typer.Argument(help="标注的职位名称，列 id,title,code / labelled titles")],
    out: Annotated[Path, typer.Option("--out", help="模型写到这里（.npz） / where the model goes")],
    overrides: Annotated[Path | None, typer.Option("--overrides", help="更正表，一并学习 / corrections to learn from as well")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """从标注的职位名称训练编码模型（三千条约半分钟）。Train the coder from labelled titles."""
    import hashlib

    from leye.cli.titles_file import read_labels, read_overrides
    from leye.match.occupations.model import save
    from leye.match.occupations.table import newest_month, table_of
    from leye.match.occupations.training import train

    if out.suffix != ".npz":
        raise BadInput(
            "模型写成 .npz", en="a model is an .npz", places=(Place(str(out)),), remedy_zh="换一个扩展名", remedy_en="use .npz", code="E_FILE_TYPE"
        )
    table = table_of(newest_month())
    said, codes = read_labels(titles, table)
    corrections = read_overrides(overrides, table) if overrides else []
    about: dict[str, Any] = {
        "data_sha256": hashlib.sha256(titles.read_bytes()).hexdigest(), "titles": len(said), "corrections": len(corrections),
        "command": "leye match train-codes TITLES --out MODEL",
    }  # fmt: skip
    made = train([*said, *(c.clean for c in corrections)], [*codes, *(table.resolve(c.code)[0].code for c in corrections)], about)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(made, out)
    told = {**about, "abstain_below": round(made.abstain_below, 4), "bytes": out.stat().st_size, "out": str(out)}
    sys.stdout.write(
        json.dumps(told, ensure_ascii=False) + "\n" if as_json else f"用 {len(said):,} 条训练，写到 {out}，{told['bytes'] / 1e6:.1f} MB\n"
    )


def _said(read: pl.DataFrame) -> list[str]:
    """The title, or the beginning of the description where the title has no word."""
    described = read["description"].to_list() if "description" in read.columns else [None] * read.height
    return [t if t and t.strip() else (d or "")[:40] for t, d in zip(read["title"].to_list(), described, strict=True)]


def _answers(ids: list[str], coded: list[Coded]) -> pl.DataFrame:
    import polars as pl

    rows = []
    for own, c in zip(ids, coded, strict=True):
        upper = (c.upper.code, c.upper.name) if c.upper else (None, None)
        tail = (c.abstain, c.question or None, *upper, c.source or None)
        rows += [(own, k, a.code, a.name, a.p, *tail, a.note or None) for k, a in enumerate(c.answers, 1)]
        if not c.answers:
            rows.append((own, 1, None, None, None, *tail, None))
    schema = {
        "id": pl.String, "rank": pl.Int64, "code": pl.String, "name": pl.String, "p": pl.Float64, "abstain": pl.Boolean, "question": pl.String,
        "upper_code": pl.String, "upper_name": pl.String, "source": pl.String, "note": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _tell(read: pl.DataFrame, coded: list[Coded], out: Path, month: str, as_json: bool) -> None:
    empty = [k for k, c in enumerate(coded, 1) if not c.answers]
    asked = sum(c.abstain for c in coded)
    if empty:
        named = "、".join(map(str, empty[:10])) + ("…" if len(empty) > 10 else "")
        sys.stderr.write(
            f"{len(empty)} 行没有可读的职位名称（第 {named} 行），写成空代码 / no readable title in these rows, written without a code\n"
        )
    told = {"titles": read.height, "asked": asked, "empty": len(empty), "month": month, "out": str(out)}
    sys.stdout.write(
        json.dumps(told, ensure_ascii=False) + "\n" if as_json else f"{read.height:,} 个名称，{asked:,} 个要问本人，按 {month} 的职业表，写到 {out}\n"
    )
