"""Facts of a person and of the present hire: who they are, how they stand, their work, contract, insurance and benefit."""

from __future__ import annotations

import numpy as np

from leye.city.benefits import Benefits
from leye.city.careers import NEVER, Careers
from leye.city.dice import Array, chance, pick, stream
from leye.city.factsheet import Facts, enum_codes, masked
from leye.city.insurance import insured_base, month_number
from leye.city.marginals import marginals
from leye.city.population import EMPLOYED, STATUSES, Residents
from leye.city.social import Standing
from leye.city.spells import NO_DAY


def who(residents: Residents) -> Facts:
    """Sex, birth, hukou, retirement base and schooling."""
    r = residents
    to_come = r.graduated > np.datetime64(r.on, "D")
    return {
        "sex": np.where(r.male, 0, 1),
        "birth": r.birth,
        "female_retire_base": masked(r.retire_base, ~r.male),
        "hukou_type": enum_codes("hukou_type", "urban", "rural")[r.is_rural.astype(np.int64)],
        "hukou_local": r.is_local,
        "employment_status": enum_codes("employment_status", *STATUSES)[r.status],
        "graduate": r.is_graduate,
        "graduated_on": r.graduated,
        "in_graduation_school_year": to_come,
    }


def standing_facts(s: Standing) -> Facts:
    """Hardship and recognitions."""
    return {
        "work_able": s.work_able,
        "job_search_willing": s.willing,
        "disability_grade": s.grade,
        "dibao": s.dibao,
        "tekun": s.tekun,
        "poverty_alleviated": s.alleviated,
        "zero_employment_family": s.zero_family,
        "land_lost": s.land_lost,
        "veteran": s.veteran,
        "loan_group_other": s.loan_other,
        "hard_to_employ": s.hard,
    }


def work(residents: Residents, careers: Careers, benefits: Benefits, *, seed: int) -> Facts:
    """The present job and the one before. Registration is that of today, or, for a hire, that of the day before it (as the sheet asks)."""
    rng = stream(seed, "facts_work")
    r, c, n = residents, careers, residents.n
    employed = r.status == EMPLOYED
    spell = c.is_registered | ~np.isnat(c.spell_to)
    signed = employed & chance(rng, np.where(c.is_insured, 0.985, 0.45), n)
    term = np.array([12, 24, 36, 60, 999])[pick(rng, n, (0.25, 0.2, 0.35, 0.08, 0.12))]
    has_prev = ~np.isnat(c.prev_to)
    grown = employed & ((np.datetime64(r.on, "D") - c.since).astype(np.int64) < 730)
    return {
        "registered_unemployed": spell,
        "registered_unemployed_since": np.where(spell, c.spell_from, NO_DAY),
        "left_job_reason": c.left_reason,
        "last_job_months": np.where(has_prev, month_number(c.prev_to) - month_number(c.prev_from) + 1, 0).clip(0, 600),
        "monthly_wage_fen": c.wage_fen,
        "full_time": employed & chance(rng, 0.96, n),
        "hire_on": np.where(employed, c.since, NO_DAY),
        "contract_signed": signed,
        "contract_months": np.where(signed, term, 0),
        "hire_ss_months": benefits.present_months,
        "hire_once_received": grown & signed & (spell | r.is_graduate) & chance(rng, 0.12, n),
        "jobless_since_graduation": _jobless(residents, careers),
        "rural_transfer": r.is_rural & employed & chance(rng, 0.85, n),
    }


def _jobless(residents: Residents, careers: Careers) -> Array:
    """Graduated, and no job between school and today (for a hire or a business: and the day before it)."""
    gone = residents.is_graduate & (residents.graduated <= np.datetime64(residents.on, "D"))
    return np.asarray(gone & np.isnat(careers.prev_to) & ((careers.left_reason == NEVER) | (residents.status == EMPLOYED)))


def insurance_facts(residents: Residents, careers: Careers, benefits: Benefits) -> Facts:
    """Unemployment insurance and this month's contributions; the shares add up to the month's row in insurance_months."""
    rule = marginals()["insurance"]
    base = insured_base(careers.wage_fen)
    return {
        "ui_contribution_months": benefits.contribution_months.clip(0, 600),
        "ui_total_months": benefits.total_months.clip(0, 600),
        "ui_unused_months": benefits.unused_months,
        "ui_claiming": benefits.claiming,
        "ui_claimed_months": benefits.claimed_months,
        "ui_self_paid": benefits.self_paid,
        "rural_lump_received": benefits.lump_received,
        "pension_paid_personally": careers.pays_alone,
        "ss_paid_month_fen": np.where(careers.pays_alone, base * rule["flexible_bp"] // 10_000, 0),
        "ss_personal_share_fen": np.where(careers.is_insured, base * rule["personal_bp"] // 10_000, 0),
        "ss_employer_share_fen": np.where(careers.is_insured, base * rule["employer_bp"] // 10_000, 0),
    }


def subsidies(residents: Residents, careers: Careers, standing: Standing, *, seed: int) -> Facts:
    """Social-insurance subsidies and public-welfare posts. Months already had fit into the time since the work began."""
    rng = stream(seed, "facts_subsidies")
    r, c, n = residents, careers, residents.n
    today = np.datetime64(r.on, "D")
    room = np.where(np.isnat(c.since), 0, month_number(np.full(n, today)) - month_number(c.since))
    recent = r.is_graduate & ((today - r.graduated).astype(np.int64) < 730) & (r.graduated <= today)
    hired, alone = c.is_insured, c.pays_alone
    public = hired & standing.hard & chance(rng, 0.15, n)
    kind = np.select(
        [public, hired & standing.hard & chance(rng, 0.5, n), alone & standing.hard & chance(rng, 0.6, n), hired & recent & chance(rng, 0.25, n),
         alone & recent & chance(rng, 0.5, n), hired & ~np.isnat(c.spell_to) & (room <= 12) & chance(rng, 0.1, n)],
        enum_codes("ss_subsidy_this_month", "public_post_ss", "ss_hire_hard", "ss_flex_hard", "ss_hire_grad", "ss_flex_grad", "ss_quarter"),
        enum_codes("ss_subsidy_this_month", "none")[0],
    )  # fmt: skip
    has = (kind > 0) & (room > 0)
    kind = np.where(has, kind, 0)
    months = np.where(has, 1 + np.floor(rng.random(n) * np.minimum(room, 36)), 0).astype(np.int64)
    quarter = kind == enum_codes("ss_subsidy_this_month", "ss_quarter")[0]
    first = (np.full(n, today).astype("datetime64[M]") - months.astype("timedelta64[M]")).astype("datetime64[D]") + np.timedelta64(14, "D")
    public &= has
    return {
        "ss_subsidy_this_month": kind,
        "subsidised_months": months,
        "first_approved_on": np.where(has, first, NO_DAY),
        "quarter_subsidy_months": np.where(quarter, np.minimum(months, 12), 0),
        "on_public_post": public,
        "public_post_times": np.where(public, 1 + chance(rng, 0.15, n), (standing.hard & ~public & chance(rng, 0.08, n)).astype(np.int64)),
    }
