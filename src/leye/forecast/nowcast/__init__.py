"""Quarterly figures before they are out, from monthly indicators that end raggedly: common factors, a bridge, intervals, exact news.

`nowcast` gives a table of quarters; `nowcast_news` says which release moved them between two vintages.
"""

from __future__ import annotations

from leye.forecast.nowcast.news import nowcast_news
from leye.forecast.nowcast.run import Nowcast, nowcast

__all__ = ["Nowcast", "nowcast", "nowcast_news"]
