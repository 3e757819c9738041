"""`leye match moves`: from one occupation to at most five others, with what is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import NotFound


def moves(
    code: Annotated[str, typer.Argument(help="现在的职业：七位编码或名称 / code or name of the present occupation")],
    top: Annotated[int, typer.Option("--top", min=1, max=5, help="最多几个方向 / options at most")] = 5,
    data: Annotated[
        Path | None, typer.Option("--data", help="数据文件夹：工资和需求来自它的招聘广告 / pay and demand from this folder's ads")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """转岗方向：差什么技能、要学多少小时、工资和需求怎么变，不排唯一第一名。Options of another occupation; nothing beats any of them in
    everything."""
    from leye.cli.run import data_folder
    from leye.match import transitions
    from leye.match.transitions.telling import told
    from leye.office.guidance.market import city_market

    source = transitions.find(code)
    if source is None:
        near = "、".join(f"{n.profile.name}（{n.profile.code}）" for n in transitions.nearest(code))
        raise NotFound(
            f"职业画像里没有“{code}”", en=f"no profile of {code!r}", code="E_PROFILE_UNKNOWN",
            remedy_zh=f"最接近的：{near}" if near else "换一个叫法，或用七位编码", remedy_en="try one of the nearest, or the 7-digit code",
        )  # fmt: skip
    market = city_market(data_folder(data)) if data is not None else city_market(None)
    found = transitions.moves(transitions.held_by(source), market, source=source.code, most=top)
    if as_json:
        body = {"code": source.code, "name": source.name, "on": market.on, "unverified": True, "moves": [told(m) for m in found]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, default=str) + "\n")
        return
    sys.stdout.write(f"{source.name}（{source.code} {source.official}）；画像由我们编写，未经核实\n")
    for m in found:
        pay = "工资未知" if m.pay_change is None else f"工资{m.pay_change:+.0%}"
        missing = "、".join(f"{s.label}{s.hours}小时" for s in m.gap.missing[:4])
        sys.stdout.write(f"{m.target.name}\t{m.target.code}\t已会{m.gap.coverage:.0%}\t学{m.gap.hours}小时\t{pay}\t还差：{missing}\n")
