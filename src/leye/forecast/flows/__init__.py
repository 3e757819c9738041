"""Flows of people between regions: a gravity model with the Spring Festival in it, and forecasts with intervals.

`forecast_flows` takes a table of flows and gives a table of forecasts; `job_moves` makes flows out of insurance months.
"""

from __future__ import annotations

from leye.forecast.flows.ahead import FlowForecast, forecast_flows
from leye.forecast.flows.changes import job_moves

__all__ = ["FlowForecast", "forecast_flows", "job_moves"]
