"""Forecasts of labour-market panels: honest intervals, exact sums, back-tests and an explanation that adds up."""

from __future__ import annotations

from leye.forecast.backtest import BacktestResult, backtest
from leye.forecast.explain import explain_en, explain_zh
from leye.forecast.run import ForecastResult, run

__all__ = ["BacktestResult", "ForecastResult", "backtest", "explain_en", "explain_zh", "run"]
