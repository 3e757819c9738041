"""Words of the pages on campaigns: kinds, people, states, ways, reasons of an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.codes import current_regions
from leye.office.campaigns.models import KIND_EN, STATE_EN, STEP_EN, WHO_EN, Campaign, Kind, State, Step, Who
from leye.site.words import pick


def kind_word(kind: str) -> str:
    """招聘会, 公益性岗位."""
    return pick(str(Kind(kind).label), KIND_EN[Kind(kind)])


def who_word(who: str) -> str:
    """一个区县的求职者, …"""
    return pick(str(Who(who).label), WHO_EN[Who(who)])


def state_word(state: str) -> str:
    """算好了，等人选方式, …"""
    return pick(str(State(state).label), STATE_EN[State(state)])


def step_word(step: str) -> str:
    """等征求本人意见, …"""
    return pick(str(Step(step).label), STEP_EN[Step(step)])


def place_word(region: str) -> str:
    """Name of a district; 全市 without one."""
    found = current_regions().get(region)
    return found.name if found else region or _("全市")


def mode_word(mode: str) -> str:
    """What a way of placing is called."""
    return {"flow": _("合计最多"), "stable": _("谁也不想换"), "balanced": _("折中")}.get(mode, mode)


def mode_note(mode: str) -> str:
    """What a way of placing does."""
    return {
        "flow": _("两边都愿意的可能合计最大；有的人和岗位会更想换到一起"),
        "stable": _("没有一对人和岗位都更愿意在一起；合计少一些"),
        "balanced": _("每千对里最多十对想换，合计尽量大"),
    }.get(mode, "")


def headline(campaign: Campaign) -> str:
    """What a campaign comes to: the picked way, or the most that a way places."""
    accounts = {m: b["account"] for m, b in campaign.body["modes"].items()}
    if campaign.mode in accounts:
        return _("%(mode)s：%(n)s 人有岗位可谈") % {"mode": mode_word(campaign.mode), "n": f"{accounts[campaign.mode]['placed']:,}"}
    most = max((a["placed"] for a in accounts.values()), default=0)
    return _("%(people)s 人里最多 %(n)s 人有岗位可谈，选一种方式") % {"people": f"{campaign.body['seekers']:,}", "n": f"{most:,}"}


def flagged(mode: Mapping[str, Any]) -> int:
    """How many groups fall below four fifths of the best."""
    return sum(row["verdict"] == "flagged" for row in mode["groups"])
