"""`leye match learn`: weights from outcomes, with the verdict that says whether they may be used."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    from leye.match.learning import Gate, Learned


def learn(
    events: Annotated[
        Path, typer.Argument(help="推荐之后的事件表 person_id,job_id,shown_at,applied_at,answered_at,hired_at,left_at / what came of showings")
    ],
    people: Annotated[Path, typer.Argument(help="求职者表，as_of 列分版本 / table of people, a row a version by as_of")],
    jobs: Annotated[Path, typer.Argument(help="岗位表，as_of 列分版本 / table of posts, a row a version by as_of")],
    out: Annotated[Path, typer.Option("--out", help="权重和判定写在这里 .yaml / weights and verdict")],
    until: Annotated[str, typer.Option("--until", help="只用到这一天为止已知的事 YYYY-MM-DD / nothing later is read")],
    groups: Annotated[
        Path | None, typer.Option("--groups", help="审计用分组 person_id,sex,birth,…，不参加学习 / groups for the audit, never features")
    ] = None,
    apply_days: Annotated[int, typer.Option("--apply-days", help="推荐后等多少天算不申请 / days waited for an application")] = 14,
    answer_days: Annotated[int, typer.Option("--answer-days", help="申请后等多少天算没录用 / days waited for a hire")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """从申请和录用结果学习排序权重，逐项判定能不能用；有一项不过就退出 1，产品继续用手设权重。Learn weights; exit 1 when a gate fails."""
    import yaml

    from leye.cli.match_tables import read_rows
    from leye.cli.policy_words import day_of
    from leye.match.learning import Watch
    from leye.match.learning import learn as learn_tables

    if out.suffix.lower() not in (".yaml", ".yml") or out.is_dir():
        raise BadInput(
            f"权重写成 .yaml：{out}", en=f"weights are written to a .yaml file: {out}", places=(Place(str(out)),), code="E_FILE_TYPE",
            remedy_zh="文件名以 .yaml 结尾", remedy_en="give a name that ends in .yaml",
        )  # fmt: skip
    made = learn_tables(
        read_rows(events), read_rows(people), read_rows(jobs), until=day_of(until), watch=Watch(apply_days, answer_days),
        groups=None if groups is None else read_rows(groups),
    )  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(yaml.safe_dump(made.pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
    if as_json:
        said = {"out": str(out), "learned": made.pack["learned"], "verdict": made.verdict.as_dict()}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _told(made, out)))
    raise SystemExit(0 if made.verdict.holds else 1)


def _told(made: Learned, out: Path) -> list[str]:
    facts = made.pack["learned"]
    rows = "，".join(f"{name} {n['shown']:,}" for name, n in facts["rows"].items())
    dated = [] if facts["tables_dated"] else ["两张表没有 as_of 列：当作一直如此 / tables without as_of are taken to have always stood so"]
    end = "可以采用" if made.verdict.holds else "不采用，产品继续用手设权重"
    return [f"推荐：{rows}", *dated, *(_gate(g) for g in made.verdict.gates), f"{end}；写到 {out}"]


def _gate(gate: Gate) -> str:
    figure = "没有" if gate.figure is None else f"{gate.figure:.4f}"
    sign = "≥" if gate.at == "least" else "≤"
    return f"{'✓' if gate.holds else '✗'} {gate.name}：{gate.zh} {figure}（要求 {sign} {gate.limit:g}）"
