"""`leye policy dynamic`: a subsidy that follows an indicator, run over history before anybody is promised it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import BadInput


def dynamic(
    rule: Annotated[Path, typer.Argument(help="动态参数规则 RULE.yaml / the rule")],
    panel: Annotated[Path, typer.Argument(help="面板 unique_id,ds,y（.csv 或 .parquet） / the panel")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder of the results")],
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次 / rule packs, default all")] = None,
    seed: Annotated[int, typer.Option("--seed", help="打乱波动的种子 / seed of the invented histories")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """回放一条动态参数规则：何时会提高、花多少、会不会开错。A dynamic parameter run over history: when, how dear, how often wrong."""
    from leye.cli.policy_words import packs_of
    from leye.cli.table_file import write_table
    from leye.intake.panel_form import read_panel
    from leye.policy.dynamic import false_switches, observe, read_rule, simulate
    from leye.policy.dynamic.written import figures, parameter_values, path_table, report_zh, switch_table
    from leye.policy.located import read_located

    if not rule.is_file():
        raise BadInput(f"没有文件 {rule}", en=f"no file {rule}", remedy_zh="检查路径", remedy_en="check the path", code="E_NO_FILE")
    read = read_rule(read_located(rule), packs_of(pack))
    form = read_panel(panel)
    for notice in form.notices:
        sys.stderr.write(notice + "\n")
    path = simulate(read, observe(form.panel, read))
    mistakes = false_switches(read, path, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    write_table(path_table(read, path), out / "path.csv")
    write_table(switch_table(path), out / "switches.csv")
    (out / "parameter.yaml").write_text(parameter_values(read, path), encoding="utf-8")
    (out / "report.json").write_text(json.dumps(figures(read, path, mistakes), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(report_zh(read, path, mistakes), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps(figures(read, path, mistakes), ensure_ascii=False) + "\n")
        return
    own = mistakes.own
    sys.stdout.write(f"{read.name}：提高 {own.rises:.0f} 次，其中事后看不该的 {own.false:.0f} 次，漏掉 {own.missed:.0f} 段；已写入 {out}\n")
