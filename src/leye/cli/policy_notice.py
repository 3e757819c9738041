"""`leye policy notice POLICY`: the notice in plain words, as each channel may carry it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leye.kernel.errors import BadInput, CheckFailed

if TYPE_CHECKING:
    from leye.policy.promote import Notice


def notice(
    policy: Annotated[str, typer.Argument(help="政策编号 / id of a policy")],
    on: Annotated[str, typer.Option("--on", help="哪一天的规则 YYYY-MM-DD / rules of which day")],
    region: Annotated[str | None, typer.Option("--region", help="地区，如 CN-4406 / place")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="sms, wechat, bulletin, broadcast, poster；不写则全部 / all without it")] = None,
    language: Annotated[str, typer.Option("--lang", help="zh 或 en")] = "zh",
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次；默认全部 / rule packs, default all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """由规则生成通知：给谁、多少钱、到什么时候、带什么、去哪里。Notices from the rule: who, how much, by when, what to bring, where."""
    from leye.cli.policy_words import day_of, packs_of, region_of
    from leye.policy.promote import shipped_channels, write_notice

    if language not in ("zh", "en"):
        raise BadInput(
            f"--lang 不能是“{language}”", en=f"--lang cannot be {language!r}", remedy_zh="写 zh 或 en", remedy_en="zh or en", code="E_USAGE"
        )
    day, packs, place, channels = day_of(on), packs_of(pack), region_of(region), shipped_channels()
    found: list[Notice] = []
    refused: dict[str, CheckFailed] = {}
    for name in [channel] if channel else list(channels.channels):
        try:
            found.append(write_notice(packs, policy, on=day, channels=channels, channel=name, region=place, language=language))
        except CheckFailed as error:
            refused[name] = error
    if not found:
        raise next(iter(refused.values()))
    if as_json:
        sys.stdout.write(json.dumps([_row(n) for n in found], ensure_ascii=False) + "\n")
        return
    for made in found:
        name = channels.channels[made.channel].name.word(language)
        size = "+".join(str(len(p)) for p in made.parts)
        plain = f"平均句长 {made.reading.mean}，最长一口气 {made.reading.longest_clause}" + ("" if made.reading.is_plain else "（偏长）")
        sys.stdout.write(f"【{name}】 {size} 字；{plain}\n{made.text}\n\n")
    for name, error in refused.items():
        sys.stderr.write(f"{channels.channels[name].name.zh}：{error}\n")


def _row(made: Notice) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(made) | {"on": made.on.isoformat(), "text": made.text}
