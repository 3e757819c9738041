"""Why a step with a vacancy is refused, with what to do next."""

from __future__ import annotations

from datetime import date

from leye.kernel.errors import BadInput, Conflict, NotAllowed, Place
from leye.office.vacancies.models import State, Vacancy


def fields_wrong(fields: dict[str, tuple[str, str]]) -> BadInput:
    """Fields that are empty, too long or not readable. fields: field -> (zh, en); the places of the error name the fields."""
    zh = "；".join(text for text, _ in fields.values())
    en = "; ".join(text for _, text in fields.values())
    return BadInput(
        zh,
        en=en,
        remedy_zh="改好标出来的几处再存；别的内容还在",
        remedy_en="mend the marked fields and save again; everything else is kept",
        places=tuple(Place(column=name) for name in fields),
        code="E_VACANCY_FIELDS",
    )


def not_linked() -> NotAllowed:
    """An account that stands for no firm posts nothing."""
    return NotAllowed(
        "这个账号还没有和单位连上",
        en="this account is not linked to a firm",
        remedy_zh="请管理员把账号连到单位编号",
        remedy_en="ask the administrator to link it",
        code="E_VACANCY_FIRM",
    )


def must_be_mended(texts: list[tuple[str, str]]) -> Conflict:
    """Findings that keep an advert from being sent: texts of them, (zh, en)."""
    return Conflict(
        f"有 {len(texts)} 处要先改：" + "；".join(zh for zh, _ in texts[:4]),
        en=f"{len(texts)} things have to be mended first: " + "; ".join(en for _, en in texts[:4]),
        remedy_zh="按每一条给出的依据和改法改好，再发布；草稿已经存下",
        remedy_en="mend each as its clause and rewrite say, then publish; the draft is kept",
        code="E_VACANCY_FINDINGS",
    )


def step_refused(vacancy: Vacancy, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这个岗位现在是“{State(vacancy.state).label}”，做不了这一步",
        en=f"the vacancy is {vacancy.state}; {step} is not possible now",
        remedy_zh="刷新看最新情况；同事可能刚办过",
        remedy_en="reload; a colleague may have been faster",
        code="E_VACANCY_STEP",
    )


def changed_meanwhile(vacancy: Vacancy) -> Conflict:
    """Somebody saved another version after this form was opened."""
    return Conflict(
        f"您打开以后，别人存了第 {vacancy.version} 版",
        en=f"version {vacancy.version} was saved after you opened the form",
        remedy_zh="先看新的一版，再把您的改动加上去",
        remedy_en="look at the newer version and add your changes to it",
        code="E_VACANCY_CHANGED",
    )


def day_wrong(first: date, last: date) -> BadInput:
    """A last day outside what is allowed."""
    return BadInput(
        f"截止日要在 {first} 到 {last} 之间",
        en=f"the last day lies between {first} and {last}",
        remedy_zh="最长 90 天，到期可以再延",
        remedy_en="90 days at most; it can be extended later",
        code="E_VACANCY_DAY",
    )


def closing_unknown() -> BadInput:
    """No reason of the list."""
    return BadInput(
        "没有选为什么关闭", en="say why it is closed", remedy_zh="从三个原因里选一个", remedy_en="choose one of three", code="E_VACANCY_CLOSING"
    )


def no_such_version(number: int) -> BadInput:
    """A version that is not there or is the present one."""
    return BadInput(
        f"没有可以恢复的第 {number} 版",
        en=f"no earlier version {number}",
        remedy_zh="从列出的版本里选",
        remedy_en="choose one of the list",
        code="E_VACANCY_VERSION",
    )


def job_closed(title: str, why_zh: str, why_en: str) -> Conflict:
    """Somebody applies to, or invites for, a job that was closed since they saw it."""
    return Conflict(
        f"“{title}”{why_zh}，现在报不了名",
        en=f"“{title}” {why_en}: nobody can apply now",
        remedy_zh="看看相近的岗位",
        remedy_en="look at similar jobs",
        code="E_JOB_CLOSED",
    )
