"""Short phrases about things of the office: what an alert says, how long is left, who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leye.office.accounts.roles import ROLE_EN, Role
from leye.office.alerts.models import Alert, Transition
from leye.office.published import Snapshot
from leye.office.reports.findings import change_words
from leye.site.words import instant_text, is_english, pick, unit_word


def headline_of(alert: Alert) -> str:
    """连续5个月低于预期，约少45%."""
    return change_words(alert.evidence, "en" if is_english() else "zh")


def clock_of(due: datetime, now: datetime) -> str:
    """还有 3 天（9月3日 18:00 前）, or 过期 2 天."""
    hours = (due - now).total_seconds() / 3600
    if hours < 0:
        return _("过期 %(n)s 天（应在 %(at)s 前）") % {"n": max(1, round(-hours / 24)), "at": instant_text(due)}
    if hours < 24:
        return _("还有 %(n)s 小时（%(at)s 前）") % {"n": max(1, round(hours)), "at": instant_text(due)}
    return _("还有 %(n)s 天（%(at)s 前）") % {"n": round(hours / 24), "at": instant_text(due)}


def transition_text(t: Transition) -> str:
    """陈专员派给罗专员."""
    said = {
        "assigned": _("%(who)s派给%(to)s"),
        "undone": _("%(who)s撤回了派单"),
        "acting": _("%(who)s开始处置"),
        "closed": _("%(who)s办结"),
        "false_alarm": _("%(who)s标为误报"),
    }.get(t.verb, t.verb)
    return said % {"who": t.by or _("夜间运行"), "to": t.to_owner or ""} if "%(" in said else said


def role_word(role: str) -> str:
    """Name of a role in the page's language; unknown ones as they stand."""
    return pick(str(Role(role).label), ROLE_EN[Role(role)]) if role in Role.values else role


def unit_of(snapshot: Snapshot | None, alert: Alert) -> str | None:
    """Unit of the alert's series."""
    found = snapshot.series.get(alert.unique_id) if snapshot else None
    return found.unit if found else None


def spaced_unit(unit: str | None) -> str:
    """The unit to follow a figure: ` 人`, `%`, or nothing."""
    word = unit_word(unit)
    return word if word in {"", "%"} else f" {word}"


def plan_title_of(task: Any, plan: Any) -> str:
    """Title of the plan that a task follows."""
    return pick(task.plan_title, getattr(plan, "title_en", "") or "") or _("步骤")


def unit_of_measure(unit: str) -> str:
    """每人一次, 每人每月, 每人每年."""
    return {"once": _("每人一次"), "month": _("每人每月"), "year": _("每人每年")}.get(unit, unit)


def snapshot_inputs(snapshot: Snapshot) -> list[str]:
    """Files that the run read, by name and the first digits of their hash."""
    tables = snapshot.manifest.get("tables", [])
    found = [i for t in tables for i in t["inputs"] if i.startswith("file:")]
    return [f"{name.removeprefix('file:')} · sha256 {digest[:16]}…" for name, _at, digest in (i.partition("@") for i in dict.fromkeys(found))]


def doors() -> dict[str, str]:
    """What each page is good for, on the front page."""
    return {
        "cockpit": _("十秒看清什么变了、为什么"),
        "alerts": _("从亮灯到派单，两步"),
        "today": _("今天给谁打电话，能享受什么，要问什么"),
        "my-policies": _("符合什么、多少钱、还差什么，不对就说"),
        "firm-policies": _("单位和职工能享受的政策、金额和期限"),
        "claims": _("谁在申请，等谁审批、等谁发放"),
        "payment-conflicts": _("部门发重了的，和哪一笔冲突"),
        "series-index": _("走势、预测、来历，一条一条查"),
        "plans": _("政策储备里有什么办法，花多少钱"),
        "reports": _("给领导的中文报告，可打印"),
        "rules": _("每项政策的条件、数字和案例；本地的规则自己写"),
        "simulate": _("改一条规则，花多少钱，谁得益谁受损"),
        "programmes": _("哪个项目有用，名额给谁，保底要花多少"),
        "promotion": _("通知谁、怎么说、有没有用，分批比一比"),
        "data": _("文件读进来没有，哪一行没读进来"),
        "my-decisions": _("程序对我作了什么决定，为什么，不对就申诉"),
        "replay-index": _("给一个编号，重看那条决定，当场验证"),
        "fairness": _("各组得到的一样吗，差多少，有多大把握"),
        "releases": _("给汇总数加噪再公布，隐私预算用了多少"),
        "registry": _("算法走到哪一步，下一步谁来办"),
        "breakers": _("哪个算法停了、为什么，谁来恢复"),
        "review": _("先写自己的结论，再看机器的"),
        "objections": _("谁不服、还有几天，谁来答复"),
        "my-objections": _("交了以后走到哪一步，什么时候答复"),
        "my-data": _("平台上有我的什么，谁看过，不对就改"),
        "reads": _("谁看过谁的资料，为什么，有没有不寻常的"),
        "help-list": _("谁更容易失业或难找到工作，先帮谁，为什么"),
        "my-outlook": _("系统怎么看我的就业，凭什么，怎么退出"),
        "risk-quality": _("说得准不准，对各组公不公平，专员改了多少"),
        "data-requests": _("谁要求改或删自己的资料，还有几天"),
        "alert-replays": _("过去的冲击重来一次，灯会在何时亮"),
        "cube": _("区域、行业、职业、群体，哪一格不对劲"),
        "groups": _("重点群体多少人、有什么岗位和政策"),
        "flows": _("谁从哪到哪，春节前后多少人"),
        "indicators": _("每个数何时公布，后来改成多少"),
        "gaps": _("区县之间、城乡之间差多少，在变大吗"),
        "skills": _("哪些技能和职业缺人，在涨还是在落"),
        "forecast-record": _("预测说的，后来对上了多少，误差有没有变样"),
        "vacancies": _("哪些岗位在招，谁来应聘，什么时候到期"),
        "post": _("填五项，先看哪里要改、别人给多少、有多少人合适"),
        "firm-applications": _("谁应聘了，等谁答复"),
        "my-applications": _("应聘走到哪一步，谁邀请我"),
        "campaigns": _("招聘会和公益性岗位：谁去谈哪个，几种方式比一比"),
        "desk-applications": _("本网格的人应聘到哪一步，可以代交"),
        "my-profile": _("交简历，核对读出来的，定谁能看"),
        "occupations": _("职位名称是哪个职业，没把握的由人定"),
        "my-matches": _("哪些岗位适合我，凭什么，还差哪一样"),
        "my-searches": _("保存的搜索，有新岗位就提醒"),
        "thin-vacancies": _("哪些岗位没几个人合适，可以推荐谁"),
        "impact": _("谁受 AI 影响大、把握多大、为什么变"),
        "impact-reviews": _("项目增减多少岗位，承诺兑现没有"),
        "moves": _("从现在的工作转去哪里，差什么，学多久"),
        "skills-radar": _("哪些技能要的人多了，哪些看不出变化"),
    }


def percent(share: float | None) -> str:
    """A share in whole percent; 未知 when there is none."""
    return _("未知") if share is None else f"{share:.0%}"


def job_word(job: Any) -> str:
    """What a job is about."""
    words = {"nightly": _("夜间运行"), "replay": _("重读来源"), "report": _("生成报告"), "charts": _("画图"), "fairness": _("公平性报告")}
    more = {"simulate": _("政策模拟"), "programmes": _("项目资金安排"), "placements": _("逐人留痕"), "watch_replay": _("预警回放")}
    said = (words | more).get(job.kind, job.kind)
    return f"{said} {job.params['source']}" if job.params.get("source") else said


def job_state(job: Any) -> str:
    """排队中, 正在做, 做完了, 没做成."""
    return pick(job.get_state_display(), {"waiting": "waiting", "running": "running", "done": "done", "failed": "failed"}[job.state])
