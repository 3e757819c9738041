"""Forecasts of labour-market panels: honest intervals, exact sums, back-tests and an explanation that adds up."""

from __future__ import annotations

from leye.forecast.backtest import BacktestResult, backtest
from leye.forecast.candidates import ALL, DEFAULT
from leye.forecast.compare import compare, compare_en, compare_zh
from leye.forecast.explain import explain_en, explain_zh
from leye.forecast.run import ForecastResult, run

__all__ = ["ALL", "DEFAULT", "BacktestResult", "ForecastResult", "backtest", "compare", "compare_en", "compare_zh", "explain_en", "explain_zh", "run"]
