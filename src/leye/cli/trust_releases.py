"""`leye trust release`, `leye trust budget`: noisy counts, and what the year's privacy budget has left."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.office.privacy.models import Release

Data = Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")]  # noqa: UP045 - typer reads it
Json = Annotated[bool, typer.Option("--json", help="机器可读 · machine output")]


def release(
    dataset: Annotated[str, typer.Argument(help="数据集，如 people · data set")],
    epsilon: Annotated[float, typer.Option("--epsilon", help="花多少预算，0.01 起；越大越准 · what it may cost")],
    by: Annotated[str, typer.Option("--by", help="分组列，用逗号隔开，如 region,sex；空着只要总数 · groups")] = "",
    where: Annotated[Optional[list[str]], typer.Option("--where", help="只数这些人，如 sex=F；可重复 · a filter, repeatable")] = None,  # noqa: UP045
    data: Data = None,
    as_json: Json = False,
) -> None:
    """数人头，加噪后发布，从当年的隐私预算里扣；同一个问题不重复扣。Noisy counts, charged to the year's budget once."""
    _prepare(data)
    from leye.office.clock import now
    from leye.office.privacy.releases import release as make

    groups = [name.strip() for name in by.split(",") if name.strip()]
    made, was_there = make(dataset, by=groups, where=_filters(where or []), epsilon=epsilon, acting_user=None, at=now())
    _say(made, was_there=was_there, as_json=as_json)


def budget(data: Data = None, as_json: Json = False) -> None:
    """各年隐私预算的总额、已花、还剩，并和留痕核对；对不上退出 1。Budgets, held against the log; exits 1 when they differ."""
    _prepare(data)
    from leye.office.clock import now
    from leye.office.privacy.releases import budgets

    rows = budgets(now())
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        for b in rows:
            state = "和留痕一致" if b["agrees"] else "和留痕不一致，停止发布"
            text = f"{b['year']} {b['dataset']:<10} 全年 {b['total']:g}  已花 {b['spent']:g}  还剩 {b['left']:g}  发布 {b['releases']} 次  {state}\n"
            sys.stdout.write(text)
    if not all(b["agrees"] for b in rows):
        raise typer.Exit(1)


def _filters(said: list[str]) -> dict[str, str]:
    """`sex=F` twice over the same column is refused, not overwritten."""
    pairs = [text.partition("=") for text in said]
    names = [name.strip() for name, _, _ in pairs]
    if not all(sign for _, sign, _ in pairs) or len(set(names)) < len(names):
        raise BadInput(
            "--where 要写成 列=取值，同一列只写一次",
            en="--where is column=value, each column once",
            remedy_zh="例如 --where sex=F --where region=CN-440605",
            remedy_en="for example --where sex=F --where region=CN-440605",
            code="E_RELEASE",
        )
    return {name: value.strip() for name, (_, _, value) in zip(names, pairs, strict=True)}


def _say(made: Release, *, was_there: bool, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(_as_dict(made) | {"charged": not was_there}, ensure_ascii=False) + "\n")
        return
    half = int(made.accuracy)
    for *values, count in made.cells:
        sys.stdout.write(f"{' '.join(values) or '总数':<40}{count:>10} ± {half}\n")
    cost = "问过的问题，没有再花" if was_there else f"花了 ε {made.epsilon:g}"
    sys.stdout.write(f"{cost}；{made.budget.year} 年还剩 ε {made.budget.left_micro / 1e6:g}；留痕第 {made.leaf_index} 条\n")


def _as_dict(made: Release) -> dict[str, Any]:
    return {
        "release_id": str(made.pk),
        "query": json.loads(made.query),
        "epsilon": made.epsilon,
        "accuracy": int(made.accuracy),
        "cells": made.cells,
        "left": made.budget.left_micro / 1e6,
        "leaf_index": made.leaf_index,
    }


def _prepare(data: Path | None) -> None:
    from leye.cli.run import data_folder
    from leye.office.embedded import prepare

    prepare(data_folder(data))
