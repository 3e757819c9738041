"""`leye policy explain PERSON.json`: every policy for one person, clause by clause, with what is missing and what to do next."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.policy.explain import Explanation, PersonFacts


def explain(
    person: Annotated[Path, typer.Argument(help="一个人的事实，或多个人的数组（JSON；- 为标准输入） / facts of a person, or an array of them")],
    on: Annotated[str, typer.Option("--on", help="问的是哪一天 YYYY-MM-DD / the day of the question")],
    policy: Annotated[str | None, typer.Option("--policy", help="只看这一项政策 / only this policy")] = None,
    region: Annotated[str | None, typer.Option("--region", help="事实里没有 region 时的地区，如 CN-440305 / region of people without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次；默认全部 / rule packs, default all")] = None,
    text: Annotated[bool, typer.Option("--text", help="写成给人读的文字 / as text for people")] = False,
    questions: Annotated[bool, typer.Option("--questions", help="只列该问什么，按能定下的钱排 / only what to ask, by the money it decides")] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh 或 en / language of the texts")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读（默认） / machine output, the default")] = False,
) -> None:
    """说明一个人能不能享受每项政策、为什么、还缺什么。Why somebody is entitled to a policy or not, and what is missing."""
    from leye.cli.policy_words import day_of, packs_of, policies_of, region_of
    from leye.policy.explain import explain_person, read_people
    from leye.policy.explain.labels import language_of
    from leye.policy.explain.text import text_of

    language, day, packs, place = language_of(lang), day_of(on), packs_of(pack), region_of(region)
    policies_of([policy] if policy else None, packs)
    people, is_array = read_people(_read(person), packs.facts, file=str(person))
    _notices(people)
    found = [(p, explain_person(packs, p, day, region=place, policy=policy, language=language)) for p in people]
    if text and not as_json:
        sys.stdout.write(text_of([e for _, one in found for e in one], day))
        return
    if questions:
        sys.stdout.write(json.dumps([_asked(p, one) for p, one in found], ensure_ascii=False, indent=1) + "\n")
        return
    rows = [{"person_id": p.person_id, **e.as_dict()} if is_array else e.as_dict() for p, one in found for e in one]
    # indented for the eye of one; for many, the plain form is written four times as fast
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=None if is_array else 1) + "\n")


def _asked(person: PersonFacts, explanations: list[Explanation]) -> dict[str, object]:
    """The counsellor's list for one person."""
    from leye.policy.explain import first_questions, questions_of

    first = first_questions(explanations)
    return {
        "person_id": person.person_id,
        "first": {"facts": [q.fact for q in first.questions], "money_fen": first.money_fen, "policies": list(first.policies)},
        "questions": [q.as_dict() for q in questions_of(explanations)],
    }


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{file} 不是 UTF-8 编码", en=f"{file} is not UTF-8", remedy_zh="另存为 UTF-8", remedy_en="save it as UTF-8", code="E_JSON"
        ) from error


def _notices(people: list[PersonFacts]) -> None:
    """Keys that are no facts, each once."""
    names = list(dict.fromkeys(name for p in people for name in p.ignored))
    if names:
        shown = "、".join(n[:40] for n in names[:12]) + (f" 等 {len(names)} 个" if len(names) > 12 else "")
        sys.stderr.write(f"这些键不是规则用的事实，已忽略（keys that are no facts were ignored）：{shown}\n")
