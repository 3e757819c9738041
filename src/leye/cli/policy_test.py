"""`leye policy test [PACK]`: run the worked cases inside the packs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leye.policy.cases import CaseReport


def test(
    pack: Annotated[str | None, typer.Argument(help="规则包名称或文件夹；不写则全部 / a pack's name or folder; all without it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """运行规则包里的案例，有一例不对就退出码 1。Run the cases of rule packs; exit 1 when one comes out otherwise."""
    from leye.policy import cases, load, shipped

    if pack is None:
        report = cases.run(shipped())
    else:
        packs = load([pack])
        report = cases.run(packs, only=[packs.packs[-1].id])
    sys.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False) + "\n" if as_json else _told(report))
    if report.failures:
        raise typer.Exit(1)


def _told(report: CaseReport) -> str:
    lines = [
        f"✘ {f.file}:{f.line} {f.policy} {f.name}\n  应为 {json.dumps(f.expected, ensure_ascii=False)}"
        f"\n  得到 {json.dumps(f.found, ensure_ascii=False)}"
        for f in report.failures
    ]
    lines.append(f"{report.policies} 项政策，{report.cases} 个案例，{len(report.failures)} 个不对")
    return "\n".join(lines) + "\n"
