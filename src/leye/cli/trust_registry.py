"""`leye trust registry`, `card-lint`, `models`, `reproduce`: the register and its models in a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

Data = Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")]  # noqa: UP045 - typer reads it
Json = Annotated[bool, typer.Option("--json", help="机器可读 · machine output")]


def registry(data: Data = None, as_json: Json = False) -> None:
    """登记的算法：版本、状态、用途、特征、理由代码。Registered algorithms and what their cards declare."""
    _prepare(data)
    from leye.office.registry.listing import register_rows

    rows = register_rows()
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    from leye.trust.registry import STATES

    for row in rows:
        sys.stdout.write(f"{row['algo']:<20}{row['version']:<18}{STATES[str(row['state'])][0]:<8}{row['name_zh']}\n")
    if not rows:
        sys.stdout.write("登记簿是空的\n")


def card_lint(
    card: Annotated[Path, typer.Argument(help="算法卡片（.yaml） / the card")],
    code: Annotated[Optional[Path], typer.Option("--code", help="代码或规则说明所在的文件夹，默认卡片旁边 · folder of the code")] = None,  # noqa: UP045
    as_json: Json = False,
) -> None:
    """核对算法卡片：最小必要、禁用特征、声明与代码是否一致。Check a card: minimum necessary, banned features, declared against used."""
    import leye
    from leye.trust.registry import card_of, document_of, identity_of, lint, refuse_errors, sources_of

    document = document_of(card)
    found = card_of(document)
    sources = sources_of(found, [code] if code is not None else [card.parent, Path(leye.__file__).parent])
    findings = lint(found, document, sources)
    identity = identity_of(found, sources)
    if as_json:
        told = {"algo": found.algo, "version": found.version, "identity": identity.version_hash, "findings": [f.as_dict() for f in findings]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        raise typer.Exit(1 if any(f.level == "error" for f in findings) else 0)
    for f in findings:
        sys.stdout.write(f"{f.place.file}:{f.place.row} {f.code} {f.zh}。{f.remedy_zh}\n")
    refuse_errors(found.algo, findings)
    sys.stdout.write(f"{found.algo} {found.version} 合格，版本指纹 {identity.version_hash}\n")


def models(
    data: Data = None, algo: Annotated[str, typer.Option("--algo", help="只看这个算法 · of one algorithm")] = "", as_json: Json = False
) -> None:
    """训练过的模型：数据、代码、种子、得分、费用、复现命令。Trained models and the command that repeats each."""
    _prepare(data)
    from leye.office.registry.listing import model_rows

    rows = model_rows(algo=algo)
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    for row in rows:
        cpu = f"{row['cpu_s']:.1f} CPU s" if row["cpu_s"] is not None else "费用未量"
        scores = " ".join(f"{k}={v:.3g}" for k, v in row["scores"].items())  # type: ignore[attr-defined]
        sys.stdout.write(f"{row['run_id']} {row['algo']} {row['version']} · {cpu} · {scores}\n  数据 {row['data_hash']}\n  复现：{row['command']}\n")
    if not rows:
        sys.stdout.write("还没有训练过模型。先运行：leye run nightly\n")


def reproduce(
    run_id: Annotated[str, typer.Argument(help="运行编号 · run id")],
    algo: Annotated[str, typer.Argument(help="forecast.panel 或 watch.scan")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """用那次运行的数据重新训练，比对结果的哈希；不同则退出码 1。Train again from the run's tables and compare hashes."""
    folder = _prepare(data)
    from leye.lake import open_lake
    from leye.office.registry.reproducing import reproduce as train_again

    made = train_again(open_lake(folder), run_id, algo)
    if as_json:
        sys.stdout.write(json.dumps(made.as_dict(), ensure_ascii=False) + "\n")
    else:
        for name, is_equal in made.tables.items():
            sys.stdout.write(f"{'✓' if is_equal else '✗'} {name}\n")
        sys.stdout.write(f"{'结果一致' if made.is_equal else '结果不同'}，{made.cpu_s} CPU s\n")
        if not made.is_same_data:
            sys.stdout.write("训练数据的文件已经不是当时的\n")
        if made.is_same_code is False:
            sys.stdout.write("代码已经不是当时的版本\n")
    raise typer.Exit(0 if made.is_equal else 1)


def _prepare(data: Path | None) -> Path:
    from leye.cli.run import data_folder
    from leye.office.embedded import prepare

    folder = data_folder(data)
    prepare(folder)
    return folder
