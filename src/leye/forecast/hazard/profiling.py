"""The risk profile of a day: who is at which level and why, how the same procedure fared a year ago, and what was learned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Floats
from leye.forecast.hazard.at_work import rows_at_work
from leye.forecast.hazard.calendar import calendar_of
from leye.forecast.hazard.cohort import Cohort, cohort_of
from leye.forecast.hazard.facts import Facts
from leye.forecast.hazard.groups import GAPS, group_gaps, groups_of
from leye.forecast.hazard.inputs import Rules, shipped_rules
from leye.forecast.hazard.jobless import rows_jobless
from leye.forecast.hazard.market import market_of
from leye.forecast.hazard.person_months import HORIZONS, PersonMonths
from leye.forecast.hazard.register import Register, month_number
from leye.forecast.hazard.scores import area_under_curve, brier, calibration_bins, calibration_error
from leye.kernel.errors import BadInput

YEAR = 12
NOTABLE = 0.05  # log odds; chosen by us: less changes a chance of one half by about one in a hundred
MOST_REASONS = 3

_SHARES = ("p_6", "p_12", "low_6", "high_6", "low_12", "high_12")
Schema = dict[str, Any]

RISK: Schema = {
    "person_id": pl.String, "question": pl.String, "region": pl.String, "month": pl.Date, "level": pl.String, **dict.fromkeys(_SHARES, pl.Float64),
    "up": pl.List(pl.String), "down": pl.List(pl.String), "contributions": pl.String,
}  # fmt: skip
FIGURES: Schema = {
    "question": pl.String, "horizon": pl.Int64, "month": pl.Date, "people": pl.Int64, "stated": pl.Float64, "happened": pl.Float64, "ece": pl.Float64,
    "brier": pl.Float64, "brier_rate": pl.Float64, "auc": pl.Float64,
}  # fmt: skip
BINS: Schema = {"question": pl.String, "horizon": pl.Int64, "bin": pl.Int64, "stated": pl.Float64, "happened": pl.Float64, "people": pl.Int64}
MODEL: Schema = {"question": pl.String, "input": pl.String, "column": pl.Int64, "centre": pl.Float64, "scale": pl.Float64, "coef": pl.Float64}
LEARNED: Schema = {
    "question": pl.String, "rows": pl.Int64, "events": pl.Int64, "penalty": pl.Float64, "split": pl.String, "intercept": pl.Float64,
    "knots": pl.List(pl.Float64),
}  # fmt: skip
DRIFT: Schema = {"question": pl.String, "month": pl.Date, "people": pl.Int64, "stated": pl.Float64, "happened": pl.Float64}
NOTICES: Schema = {"question": pl.String, "code": pl.String, "text_zh": pl.String, "text_en": pl.String}


@dataclass(frozen=True, slots=True)
class Profile:
    """Tables with the columns above. risk: one row a person at risk today · figures, bins, gaps: the cohort of a year ago against what came · model,
    learned: coefficients · drift: monthly chances stated and events, by month · notices: what could not be said, and why.
    """

    risk: pl.DataFrame
    figures: pl.DataFrame
    bins: pl.DataFrame
    gaps: pl.DataFrame
    model: pl.DataFrame
    learned: pl.DataFrame
    drift: pl.DataFrame
    notices: pl.DataFrame


def profile(register: Register, on: date, rules: Rules | None = None) -> Profile:
    """The profile of a day from what was known at its end; equal input gives equal bytes.

    A question with too few events, or a table too short, is left out and named in `notices`. Raises BadInput (E_RISK_COLUMN) on a table without
    its columns.
    """
    rules = rules or shipped_rules()
    with threadpool_limits(1, user_api="blas"):  # two threads add in another order: the bytes would hang on the number of cores
        try:
            facts, questions = person_months(register, on, rules)
        except BadInput as error:
            if error.code != "E_RISK_SHORT":
                raise
            return _together([], [_notice(q, error) for q in rules.questions])
        parts, notices = [], []
        for rows in questions.values():
            try:
                parts.append(_of_question(rows, facts, rules))
            except BadInput as error:
                notices.append(_notice(rows.question, error))
    return _together(parts, notices)


def person_months(register: Register, on: date, rules: Rules) -> tuple[Facts, dict[str, PersonMonths]]:
    """Facts of the months up to a day, and the rows of each question with the inputs that the rules allow."""
    known, last = register.known_on(on), month_number(on)
    calendar = calendar_of(known, last)
    facts = Facts(calendar, market_of(known.indicators, calendar.first, calendar.months))
    found = (rows_at_work(facts), rows_jobless(facts))
    return facts, {rows.question: _allowed(rows, rules) for rows in found}


def _allowed(rows: PersonMonths, rules: Rules) -> PersonMonths:
    """Only the columns of declared inputs."""
    kept = [i for i, code in enumerate(rows.codes) if code in rules.of(rows.question)]
    if len(kept) == len(rows.codes):
        return rows
    return replace(rows, x=np.ascontiguousarray(rows.x[:, kept]), codes=tuple(rows.codes[i] for i in kept))


def _of_question(rows: PersonMonths, facts: Facts, rules: Rules) -> Profile:
    last = facts.calendar.months - 1
    cohort = cohort_of(rows, last)
    return Profile(
        _risks(cohort, facts, rules),
        *_back_test(rows, facts, last - YEAR - rows.lag),
        *_learned(cohort),
        _drift(cohort, rows, facts),
        pl.DataFrame(schema=NOTICES),
    )


def _risks(cohort: Cohort, facts: Facts, rules: Rules) -> pl.DataFrame:
    question, hazard = rules.questions[cohort.question], cohort.fits.whole
    people = facts.calendar.people[cohort.rows.person]
    names, said = hazard.contributions(cohort.rows)
    month = _first_day(facts, cohort.month)
    shares = [cohort.probability[6], cohort.probability[12], cohort.low[6], cohort.high[6], cohort.low[12], cohort.high[12]]
    columns = np.round(np.column_stack(shares), 6)
    terms = np.round(said, 6) + 0.0  # no minus zero
    told = pl.DataFrame(terms, schema=list(names), orient="row").select(pl.struct(pl.all()).struct.json_encode().alias("contributions"))
    return pl.DataFrame(
        {
            "person_id": people["person_id"], "question": pl.Series([cohort.question], dtype=pl.String).new_from_index(0, len(columns)),
            "region": people["region"], "month": pl.Series([month]).new_from_index(0, len(columns)),
            "level": [question.level_of(p) for p in columns[:, 1].tolist()],
            **{name: columns[:, i] for i, name in enumerate(_SHARES)},
            "up": _strongest(names, terms), "down": _strongest(names, -terms), "contributions": told["contributions"],
        },
        schema=RISK,
    )  # fmt: skip


def _strongest(names: tuple[str, ...], terms: Floats) -> list[list[str]]:
    """Of each row the inputs with the largest terms, at most MOST_REASONS, none below NOTABLE."""
    order = np.argsort(-terms, axis=1, kind="stable")[:, :MOST_REASONS]
    count = (np.take_along_axis(terms, order, axis=1) >= NOTABLE).sum(axis=1)
    return [[names[i] for i in row[:k]] for row, k in zip(order.tolist(), count.tolist(), strict=True)]


def _back_test(rows: PersonMonths, facts: Facts, month: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Figures, bins and gaps of the newest cohort with a full year behind it, as a run of that month would have stated it; empty where it could
    not."""
    empty = pl.DataFrame(schema=FIGURES), pl.DataFrame(schema=BINS), pl.DataFrame(schema=GAPS)
    try:
        past = cohort_of(rows, month)
    except BadInput:
        return empty
    if not len(past.rows):
        return empty
    came = rows.between(month, month).happened
    groups = groups_of(facts, past.rows)
    figures, bins, gaps = [], [], []
    for h in HORIZONS:
        p, y = past.probability[h], came[h]
        rate = float(y.mean())
        figures.append(
            (
                rows.question,
                h,
                _first_day(facts, month),
                len(p),
                float(p.mean()),
                rate,
                calibration_error(p, y),
                brier(p, y),
                rate * (1 - rate),
                area_under_curve(p, y),
            )
        )
        bins += [(rows.question, h, i, *values) for i, values in enumerate(calibration_bins(p, y))]
        gaps.append(group_gaps(rows.question, h, p, y, groups))
    return pl.DataFrame(figures, schema=FIGURES, orient="row"), pl.DataFrame(bins, schema=BINS, orient="row"), pl.concat(gaps)


def _learned(cohort: Cohort) -> tuple[pl.DataFrame, pl.DataFrame]:
    whole = cohort.fits.whole
    rows = [(cohort.question, code, i, float(whole.centre[i]), float(whole.scale[i]), float(whole.coef[i + 1])) for i, code in enumerate(whole.codes)]
    said = (cohort.question, cohort.fits.rows, cohort.fits.events, whole.penalty, cohort.split, float(whole.coef[0]), list(whole.knots))
    return pl.DataFrame(rows, schema=MODEL, orient="row"), pl.DataFrame([said], schema=LEARNED, orient="row")


def _drift(cohort: Cohort, rows: PersonMonths, facts: Facts) -> pl.DataFrame:
    """The last year month by month: the model's mean monthly chance and the share to whom it happened."""
    known = rows.at(slice(int(rows.is_known.sum())))  # the later months are those not known yet
    found = []
    for month in np.unique(known.month)[-YEAR:]:
        there = known.between(int(month), int(month))
        found.append(
            (rows.question, _first_day(facts, int(month)), len(there), float(cohort.fits.whole.monthly(there).mean()), float(there.event.mean()))
        )
    return pl.DataFrame(found, schema=DRIFT, orient="row")


def _first_day(facts: Facts, month: int) -> date:
    number = facts.calendar.first + month
    return date(1970 + number // 12, number % 12 + 1, 1)


def _notice(question: str, error: BadInput) -> tuple[str, str, str, str]:
    return question, error.code, error.zh, error.en


def _together(parts: list[Profile], notices: list[tuple[str, str, str, str]]) -> Profile:
    schemas: dict[str, Schema] = {"risk": RISK, "figures": FIGURES, "bins": BINS, "gaps": GAPS, "model": MODEL, "learned": LEARNED, "drift": DRIFT}
    tables = {name: pl.concat([pl.DataFrame(schema=schema), *(getattr(p, name) for p in parts)]) for name, schema in schemas.items()}
    return Profile(**tables, notices=pl.DataFrame(notices, schema=NOTICES, orient="row"))
