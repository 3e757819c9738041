"""Where a version may go from where it stands, and what each step asks for. One table; the office and the pages ask it.

draft -> assessed -> filed -> running -> suspended -> blacklisted; back to running only through assessed, with the review signed anew.
A sandbox may run from `assessed`, because it is how one learns what the filing will say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leye.kernel.errors import Conflict

STATES = {
    "draft": ("登记草稿", "Draft"),
    "assessed": ("已评估", "Assessed"),
    "filed": ("已备案", "Filed"),
    "running": ("运行中", "Running"),
    "suspended": ("已暂停", "Suspended"),
    "blacklisted": ("黑名单", "Blacklisted"),
}
"""State -> words."""

BARRED = frozenset({"suspended", "blacklisted"})
"""States in which the same code under another name is refused."""


@dataclass(frozen=True, slots=True)
class Step:
    """A way from one state to another. verb: its name · permission: of the office's table · next_zh, next_en: what the person does."""

    verb: str
    start: str
    end: str
    permission: str
    zh: str
    en: str


STEPS = (
    Step("assess", "draft", "assessed", "registry.edit", "提交自评估", "hand in the self-assessment"),
    Step("file", "assessed", "filed", "registry.edit", "登记备案", "record the filing"),
    Step("launch", "filed", "running", "registry.edit", "上线运行", "start running"),
    Step("launch", "assessed", "running", "registry.edit", "沙盒运行", "run in a sandbox"),
    Step("conclude", "running", "assessed", "registry.edit", "沙盒通过，转去备案", "end the sandbox, go on to the filing"),
    Step("suspend", "running", "suspended", "registry.suspend", "暂停", "suspend"),
    Step("assess", "suspended", "assessed", "registry.edit", "整改后重新评估", "assess anew after mending"),
    Step("blacklist", "suspended", "blacklisted", "registry.suspend", "列入黑名单", "blacklist"),
    Step("blacklist", "running", "blacklisted", "registry.suspend", "列入黑名单", "blacklist"),
    Step("assess", "blacklisted", "assessed", "registry.edit", "整改验收后重新评估", "assess anew once mended and accepted"),
)
"""Every step there is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a version when a step is asked for. signed_by: which sides have signed this round's review, of `operator` and `workers`."""

    state: str
    signed_by: frozenset[str]
    filing_number: str
    filed_on: date | None
    is_sandboxed: bool


def steps_from(state: str) -> list[Step]:
    """The ways out of a state, in the order of the table."""
    return [s for s in STEPS if s.start == state]


def step_of(verb: str, standing: Standing) -> Step:
    """The step, when it may be taken now. Raises Conflict (E_REGISTRY_STEP, E_REGISTRY_UNSIGNED, E_REGISTRY_UNFILED) with what is missing."""
    step = next((s for s in STEPS if s.verb == verb and s.start == standing.state), None)
    if step is None:
        raise _no_way(verb, standing.state)
    if step.verb == "conclude" and not standing.is_sandboxed:
        raise _no_way(verb, standing.state)
    if step.end == "filed" and not (standing.filing_number or standing.filed_on):
        raise Conflict(
            "登记备案要有备案编号或备案日期",
            en="a filing needs its number or its date",
            remedy_zh="填上备案系统给的编号，或提交的日期",
            remedy_en="give the number of the filing system, or the day of handing in",
            code="E_REGISTRY_UNFILED",
        )
    if step.end == "running":
        _ready_to_run(step, standing)
    return step


def lacking_signatures(signed_by: frozenset[str]) -> list[str]:
    """Sides that still have to sign, of `operator` and `workers`."""
    return [side for side in ("operator", "workers") if side not in signed_by]


def _ready_to_run(step: Step, standing: Standing) -> None:
    if step.start == "assessed" and not standing.is_sandboxed:
        raise Conflict(
            "没有备案的版本只能在沙盒里运行",
            en="an unfiled version runs in a sandbox only",
            remedy_zh="先登记备案，或先设沙盒（人数上限、到期日、指标）",
            remedy_en="file it first, or set up a sandbox with cap, end and metrics",
            code="E_REGISTRY_STEP",
        )
    if lacking := lacking_signatures(standing.signed_by):
        names = {"operator": ("管理员或平台运营", "an admin or operator"), "workers": ("职工代表", "the workers' representative")}
        raise Conflict(
            f"上线前审查还缺签字：{'、'.join(names[s][0] for s in lacking)}",
            en=f"the review before launch lacks the signature of {' and '.join(names[s][1] for s in lacking)}",
            remedy_zh="两方各签一次，必须是两个人",
            remedy_en="each side signs once; they are two people",
            code="E_REGISTRY_UNSIGNED",
        )


def _no_way(verb: str, state: str) -> Conflict:
    ways = "、".join(s.zh for s in steps_from(state)) or "无"
    return Conflict(
        f"现在是“{STATES[state][0]}”，做不了这一步",
        en=f"the version is {state}; {verb} is not possible now",
        remedy_zh=f"现在可以：{ways}",
        remedy_en=f"possible now: {', '.join(s.en for s in steps_from(state)) or 'nothing'}",
        code="E_REGISTRY_STEP",
    )
