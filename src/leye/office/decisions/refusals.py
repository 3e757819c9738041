"""Why the gate says no: one class, a stable code for each cause, and what to do next."""

from __future__ import annotations

from leye.kernel.errors import CheckFailed

BREAKER = "E_GATE_BREAKER"
"""Code of the one refusal that is no fault: people stopped the machine."""


class GateRefused(CheckFailed):
    """An outcome that may not leave the house; nothing was kept. `code` is one of E_GATE_* · which: place of the refused one among several."""

    code = "E_GATE"
    which: int | None = None


def unregistered(algo: str, version: str) -> GateRefused:
    """No such algorithm and version in the register."""
    return GateRefused(
        f"算法 {algo} {version} 没有备案",
        en=f"{algo} {version} is not in the register",
        remedy_zh="先在算法备案里登记、评估、备案，再运行",
        remedy_en="register, assess and file it first",
        code="E_GATE_UNREGISTERED",
    )


def not_running(algo: str, version: str, state: str) -> GateRefused:
    """Known, and not allowed to run now."""
    word = {"suspended": "已暂停", "blacklisted": "已列入黑名单"}.get(state, "还没有上线")
    code = {"suspended": "E_GATE_SUSPENDED", "blacklisted": "E_GATE_BLACKLISTED"}.get(state, "E_GATE_NOT_RUNNING")
    return GateRefused(
        f"算法 {algo} {version} {word}",
        en=f"{algo} {version} is {state}",
        remedy_zh="在算法备案里看它走到哪一步；暂停期间请人来办",
        remedy_en="see its state in the register; people decide meanwhile",
        code=code,
    )


def expired(algo: str, version: str, on: object) -> GateRefused:
    """Its time (of the filing or of the sandbox) is over."""
    return GateRefused(
        f"算法 {algo} {version} 的期限到 {on} 为止",
        en=f"{algo} {version} expired on {on}",
        remedy_zh="重新评估、备案后再运行",
        remedy_en="assess and file it again",
        code="E_GATE_EXPIRED",
    )


def undeclared(what_zh: str, what_en: str, names: list[str], declared: list[str], code: str) -> GateRefused:
    """A purpose, feature, reason code or outcome that the card does not declare."""
    return GateRefused(
        f"{what_zh}{'、'.join(names)}没有在备案里声明",
        en=f"{what_en} not declared in the register: {', '.join(names)}",
        remedy_zh=f"备案里声明的是：{'、'.join(declared) or '无'}；要用别的，请登记新版本",
        remedy_en=f"declared are: {', '.join(declared) or 'none'}; register a new version to use others",
        code=code,
    )


def wrong_subject(algo: str, registered: str, found: str) -> GateRefused:
    """The card speaks of somebody else: of series instead of people, or the reverse."""
    words = {"series": "序列", "person": "个人", "firm": "单位"}
    return GateRefused(
        f"{algo} 备案的对象是{words.get(registered, registered)}，不能对{words.get(found, found)}作决定",
        en=f"{algo} is registered for a {registered} and may not decide about a {found}",
        remedy_zh="换成备案了这种对象的算法，或登记新版本",
        remedy_en="use an algorithm that is registered for it, or register a new version",
        code="E_GATE_SUBJECT",
    )


def unexplained() -> GateRefused:
    """No reason, or one without basis."""
    return GateRefused(
        "决定没有写理由",
        en="a decision needs at least one reason with its basis",
        remedy_zh="至少写一条理由，附依据（条款、规则或运行编号）",
        remedy_en="give at least one reason and what it rests on",
        code="E_GATE_REASON",
    )


def broken(algo: str, region: str) -> GateRefused:
    """The breaker is open: a person decides."""
    return GateRefused(
        f"{algo} 在 {region or '全市'} 已熔断，由人来决定",
        en=f"the breaker of {algo} in {region or 'the city'} is open: people decide",
        remedy_zh="走人工复核；恢复要由人确认",
        remedy_en="go through human review; restoring takes a person",
        code=BREAKER,
    )


def no_such_review(name: str) -> GateRefused:
    """The outcome calls itself a person's, and no case of a person is named."""
    return GateRefused(
        f"没有这件人工复核或申诉：{name[:40]}",
        en=f"no review or objection is called {name[:40]}",
        remedy_zh="由人作出的决定，请从复核队列或申诉台办",
        remedy_en="a person's decision is made from the review queue or the objections desk",
        code="E_GATE_REVIEW",
    )


def sandbox_full(algo: str, version: str, cap: int) -> GateRefused:
    """The sandbox's cohort is complete."""
    return GateRefused(
        f"{algo} {version} 在沙盒里，最多 {cap} 人，已经满了",
        en=f"{algo} {version} runs in a sandbox of {cap} subjects, which is full",
        remedy_zh="等沙盒结论，或登记更大的沙盒",
        remedy_en="wait for the verdict, or register a larger sandbox",
        code="E_GATE_SANDBOX",
    )
