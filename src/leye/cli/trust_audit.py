"""`leye trust audit`, `leye trust swap`: fairness of a table of decisions, and what happens when only the group changes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.trust.audit import Audit

MOST_DRAWS = 100_000  # chosen by us: percentiles stop moving long before


def audit(
    decisions: Annotated[Path, typer.Argument(help="决定表：selected,score[,label] 和分组列（.csv 或 .parquet） / the table of decisions")],
    groups: Annotated[str, typer.Option("--groups", help="分组列，用逗号隔开，例如 sex,age_band / group columns")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder for rates.csv and audit.json")],
    bootstrap: Annotated[int, typer.Option("--bootstrap", help="重抽样次数，例如 2000；0 只用公式 / resamples, 0 for the closed forms")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="重抽样的种子 / decides every draw")] = 0,
    mean: Annotated[list[str] | None, typer.Option("--mean", help="比较均值的列，如 wait_s:low（越低越好） / compare means of a column")] = None,
    cluster: Annotated[str, typer.Option("--cluster", help="同一人多行时，写明人的列 / whose rows belong together")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """公平审计：各组选取率、影响比、区间、交叉组。Fairness audit: rates, impact ratios, intervals, intersections."""
    if not 0 <= bootstrap <= MOST_DRAWS or seed < 0:
        raise BadInput(
            f"--bootstrap 要在 0 到 {MOST_DRAWS} 之间，--seed 不能为负",
            en=f"--bootstrap must lie in 0..{MOST_DRAWS}, --seed not below 0",
            remedy_zh="例如 --bootstrap 2000",
        )
    if bootstrap and cluster:
        raise BadInput(
            "--bootstrap 按行重抽样，不能和 --cluster 一起用",
            en="--bootstrap resamples rows; it cannot go with --cluster",
            remedy_zh="二选一；同一人有多行时用 --cluster",
        )
    from leye.lake.snapshots import file_sha256
    from leye.trust.audit import Measure, read_decisions, write_audit
    from leye.trust.audit import audit as run_audit

    table = read_decisions(decisions, [g.strip() for g in groups.split(",")], measures=[Measure.parse(m) for m in mean or []], cluster=cluster)
    found = run_audit(table, draws=bootstrap, seed=seed)
    write_audit(found, out, source={"file": decisions.name, "sha256": file_sha256(decisions)})
    _say(found, out, as_json=as_json)


def _say(found: Audit, out: Path, *, as_json: bool) -> None:
    """JSON: the summary; else a line a group that is flagged or cannot be judged, and the totals."""
    if as_json:
        sys.stdout.write(json.dumps({**found.summary, "out": str(out)}, ensure_ascii=False) + "\n")
        return
    words = {"flagged": "低于五分之四", "cannot_judge": "不能判断"}
    shown = found.rates.filter(found.rates["verdict"].is_in(list(words)))
    for row in shown.head(30).iter_rows(named=True):
        ratio = "无" if row["impact_ratio"] is None else f"{row['impact_ratio']:.3f}（{row['impact_lo']:.3f}–{row['impact_hi']:.3f}）"
        needed = f"，约需 {row['needed_n']} 行" if row["needed_n"] else ""
        sys.stdout.write(f"{row['grouping']}\t{row['group']}\t影响比 {ratio}\t{words[row['verdict']]}{needed}\n")
    if shown.height > 30:
        sys.stdout.write(f"另有 {shown.height - 30} 组，见 rates.csv\n")
    verdicts = found.summary["verdicts"]
    assert isinstance(verdicts, dict)
    sys.stdout.write(
        f"{found.summary['rows']} 行；参照 {verdicts['reference']} 组，通过 {verdicts['clear']}，低于五分之四 {verdicts['flagged']}，"
        f"不能判断 {verdicts['cannot_judge']}；已写入 {out}\n"
    )
