"""Telling people: notices made from the rule, a roll-out drawn by lot, what it brought, and payments that were made twice."""

from leye.policy.promote.channels import Channels, shipped_channels
from leye.policy.promote.conflicts import Conflicts, conflicts_in
from leye.policy.promote.effect import Estimate, RollOutEffect, effect_of
from leye.policy.promote.funnel import Cell, compared, funnel
from leye.policy.promote.notice import Notice, write_notice
from leye.policy.promote.panel import Panel, panels_of
from leye.policy.promote.power import Power, Rates, power_of, rates_of
from leye.policy.promote.schedule import Turn, balance, draw_schedule, reach_weeks

__all__ = [
    "Cell", "Channels", "Conflicts", "Estimate", "Notice", "Panel", "Power", "Rates", "RollOutEffect", "Turn", "balance", "compared", "conflicts_in",
    "draw_schedule", "effect_of", "funnel", "panels_of", "power_of", "rates_of", "reach_weeks", "shipped_channels", "write_notice",
]  # fmt: skip
