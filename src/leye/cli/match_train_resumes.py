"""`leye match train-resumes`: the entity model of résumés from labelled sentences."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import BadInput


def train_resumes(
    labelled: Annotated[Path, typer.Argument(help="标注句子，.jsonl 或 .jsonl.gz / labelled sentences")],
    out: Annotated[Path, typer.Option("--out", help="模型写在这里，旁边还有 .json / model file, its card beside it")],
    test: Annotated[Path | None, typer.Option("--test", help="没有参加训练的标注句子，用来评分 / labelled sentences to score on")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """训练简历实体模型，并在另一份句子上评分。Train the résumé entity model, score it on other sentences."""
    from leye.match.resumes import training

    for file in (labelled, test):
        if file is not None and not file.is_file():
            raise BadInput(f"没有这个文件：{file}", en=f"no such file: {file}", remedy_zh="检查路径", remedy_en="check the path", code="E_NO_FILE")
    rows = training.read_labelled(labelled)
    tested = training.read_labelled(test) if test else []
    if {r.text for r in rows if len(r.text) > 20} & {r.text for r in tested}:
        sys.stderr.write("有句子同时出现在训练和评分里 / some sentences stand in both files\n")
    out.parent.mkdir(parents=True, exist_ok=True)
    training.train(rows, out)
    training.write_card(out, labelled, len(rows), f"leye match train-resumes {labelled.name} --out {out.name}")
    said: dict[str, object] = {"model": str(out), "bytes": out.stat().st_size, "sentences": len(rows)}
    if tested:
        scores = training.score(out, tested)
        said["scores"] = {k: {"f1": round(s.f1, 4), "precision": round(s.precision, 4), "recall": round(s.recall, 4)} for k, s in scores.items()}
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{out} · {len(rows)} 句 · {out.stat().st_size / 1e6:.1f} MB\n")
    for label, s in said.get("scores", {}).items():  # type: ignore[attr-defined]
        sys.stdout.write(f"{label}\tF1 {s['f1']:.3f}\tP {s['precision']:.3f}\tR {s['recall']:.3f}\n")
