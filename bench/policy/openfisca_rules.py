"""The rules of pack20 for OpenFisca-core 46, as its country packages write them: one variable a notion, one formula on arrays, parameters by day.

Two choices in its favour: money as whole fen in its int (32 bits; its floats have 32 too and would lose fen), and DAY periods, so that nothing is
converted between periods. Runs in an environment of its own; imports nothing of Leye.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

HERE = Path(__file__).parent
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
POLICIES: list[str] = []


def read_facts() -> list[dict[str, str]]:
    with (HERE / "pack20" / "facts.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["id"] != "person_id"]


FACTS = read_facts()
ENUMS = {f["id"]: Enum(f["id"], {word: word for word in f["allowed"].split("|")}) for f in FACTS if f["type"] == "enum"}


def input_variable(fact: dict[str, str]) -> type[Variable]:
    kind = {"bool": bool, "int": int, "fen": int, "date": date, "enum": Enum}[fact["type"]]
    members: dict[str, object] = {"value_type": kind, "entity": Person, "definition_period": DateUnit.DAY, "label": fact["zh"]}
    if kind is Enum:
        members |= {"possible_values": ENUMS[fact["id"]], "default_value": next(iter(ENUMS[fact["id"]]))}
    return type(fact["id"], (Variable,), members)


def month_index(day: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[M]").astype(np.int64) + 1970 * 12 + 1


def months_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    into = [(d - d.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) for d in (start, end)]
    return month_index(end) - month_index(start) - (into[1] < into[0])


def months_since(day: np.ndarray, period) -> np.ndarray:
    return months_between(day, np.full(1, np.datetime64(period.start.date, "D")))


def on_index(period) -> int:
    return period.start.year * 12 + period.start.month


class Computed:
    """A variable's formula. OpenFisca wants every attribute on the class itself, so `variable_of` writes the same three for all."""

    kind: type = int


class Condition(Computed):
    kind = bool


def variable_of(rule: type[Computed]) -> type[Variable]:
    members = {"value_type": rule.kind, "entity": Person, "definition_period": DateUnit.DAY, "formula": rule.__dict__["formula"]}
    return type(rule.__name__, (Variable,), members)


class age(Computed):
    def formula(person, period):
        return months_since(person("birth", period), period) // 12


class retirement_month(Computed):
    def formula(person, period):
        born = month_index(person("birth", period))
        man = person("sex", period) == ENUMS["sex"].M
        later = person("female_retire_base", period) == 55
        men = 720 + np.where(born < 23581, 0, np.minimum(36, (born - 23581) // 4 + 1))
        women55 = 660 + np.where(born < 23641, 0, np.minimum(36, (born - 23641) // 4 + 1))
        women50 = 600 + np.where(born < 23701, 0, np.minimum(60, (born - 23701) // 2 + 1))
        return born + np.where(man, men, np.where(later, women55, women50))


class months_to_retirement(Computed):
    def formula(person, period):
        return person("retirement_month", period) - on_index(period)


class involuntary(Condition):
    def formula(person, period):
        reason, words = person("left_job_reason", period), ENUMS["left_job_reason"]
        return (
            (reason == words.contract_end)
            + (reason == words.dismissed)
            + (reason == words.firm_closed)
            + (reason == words.agreed_employer_proposed)
            + (reason == words.forced_resignation)
            + (reason == words.other_involuntary)
        )


class ui_base(Computed):
    def formula(person, period):
        paid = person("ui_contribution_months", period)
        return np.select([paid < 12, paid < 60, paid < 120], [0, 12, 18], 24)


class ui_max(Computed):
    def formula(person, period):
        return np.minimum(person("ui_base", period) + person("ui_unused_months", period), 24)


class approved_month(Computed):
    def formula(person, period):
        return np.where(person("subsidised_months", period) > 0, month_index(person("first_approved_on", period)), on_index(period))


class ss_term(Computed):
    def formula(person, period):
        left = person("retirement_month", period) - person("approved_month", period)
        return np.where(left < 60, left, 36)


class recent_graduate(Condition):
    def formula(person, period):
        return person("graduate", period) * (months_since(person("graduated_on", period), period) < 24)


class loan_group(Condition):
    def formula(person, period):
        return (
            person("registered_unemployed", period)
            + person("hard_to_employ", period)
            + person("veteran", period)
            + person("poverty_alleviated", period)
            + person("recent_graduate", period)
        )


def status(person, period, word: str) -> np.ndarray:
    return person("employment_status", period) == ENUMS["employment_status"][word]


class ui_benefit(Condition):
    def formula(person, period):
        return (
            person("registered_unemployed", period)
            * person("involuntary", period)
            * (person("ui_contribution_months", period) >= 12)
            * (person("ui_claimed_months", period) < person("ui_max", period))
            * (person("months_to_retirement", period) > 0)
        )


class ui_benefit_fen(Computed):
    def formula(person, period, parameters):
        return person("ui_benefit", period) * parameters(period).law.ui_benefit_fen


class ui_older(Condition):
    def formula(person, period):
        left = person("months_to_retirement", period)
        used = person("ui_claimed_months", period) >= person("ui_max", period)
        return person("registered_unemployed", period) * person("involuntary", period) * used * (left > 0) * (left < 12)


class ui_older_fen(Computed):
    def formula(person, period, parameters):
        return person("ui_older", period) * parameters(period).law.ui_benefit_fen


class skill_up(Condition):
    def formula(person, period):
        since = months_since(person("cert_on", period), period)
        return (person("ui_total_months", period) >= 12) * (person("cert_level", period) >= 3) * (since >= 0) * (since < 12)


class skill_up_fen(Computed):
    def formula(person, period, parameters):
        law, level = parameters(period).law, person("cert_level", period)
        amount = np.select([level == 5, level == 4], [law.skill_level5_fen, law.skill_level4_fen], law.skill_level3_fen)
        return person("skill_up", period) * amount


class ss_flex_hard(Condition):
    def formula(person, period):
        return (
            status(person, period, "flexible")
            * person("hard_to_employ", period)
            * (person("ss_paid_month_fen", period) > 0)
            * (person("months_to_retirement", period) > 0)
            * (person("subsidised_months", period) < person("ss_term", period))
        )


class ss_flex_hard_fen(Computed):
    def formula(person, period):
        return person("ss_flex_hard", period) * (person("ss_paid_month_fen", period) * 2 // 3)


class ss_flex_grad(Condition):
    def formula(person, period):
        return (
            status(person, period, "flexible")
            * person("recent_graduate", period)
            * person("jobless_since_graduation", period)
            * (person("ss_paid_month_fen", period) > 0)
            * (person("subsidised_months", period) < 24)
        )


class ss_flex_grad_fen(Computed):
    def formula(person, period):
        return person("ss_flex_grad", period) * (person("ss_paid_month_fen", period) * 2 // 3)


class ss_hire_hard(Condition):
    def formula(person, period):
        return (
            status(person, period, "employed")
            * person("hard_to_employ", period)
            * (person("ss_employer_share_fen", period) > 0)
            * (person("months_to_retirement", period) > 0)
            * (person("subsidised_months", period) < person("ss_term", period))
        )


class ss_hire_hard_fen(Computed):
    def formula(person, period):
        return person("ss_hire_hard", period) * person("ss_employer_share_fen", period)


class ss_hire_grad(Condition):
    def formula(person, period):
        graduated, hired = (person(n, period).astype("datetime64[Y]") for n in ("graduated_on", "hire_on"))
        return (
            status(person, period, "employed")
            * person("graduate", period)
            * (graduated == hired)
            * (person("contract_months", period) >= 12)
            * (person("subsidised_months", period) < 12)
        )


class ss_hire_grad_fen(Computed):
    def formula(person, period):
        return person("ss_hire_grad", period) * person("ss_employer_share_fen", period)


class public_post(Condition):
    def formula(person, period):
        return (
            person("hard_to_employ", period)
            * status(person, period, "unemployed")
            * (person("months_to_retirement", period) > 0)
            * (person("subsidised_months", period) < person("ss_term", period))
        )


class public_post_fen(Computed):
    def formula(person, period, parameters):
        return person("public_post", period) * parameters(period).law.ui_benefit_fen


class recognise_hard(Condition):
    def formula(person, period):
        group = (
            (months_since(person("registered_unemployed_since", period), period) >= 12)
            + person("dibao", period)
            + person("zero_employment_family", period)
            + (person("disability_grade", period) >= 1)
            + (person("age", period) >= 50)
        )
        return person("registered_unemployed", period) * group * (person("months_to_retirement", period) > 0)


class internship(Condition):
    def formula(person, period):
        years = person("age", period)
        young = person("registered_unemployed", period) * (years >= 16) * (years <= 24)
        return (person("recent_graduate", period) + young) * np.logical_not(status(person, period, "employed"))


class internship_fen(Computed):
    def formula(person, period, parameters):
        return person("internship", period) * parameters(period).law.internship_fen


class job_seek(Condition):
    def formula(person, period):
        group = (
            person("dibao", period)
            + person("zero_employment_family", period)
            + person("poverty_alleviated", period)
            + (person("disability_grade", period) >= 1)
        )
        return status(person, period, "student") * group


class job_seek_fen(Computed):
    def formula(person, period, parameters):
        return person("job_seek", period) * parameters(period).law.job_seek_fen


class training(Condition):
    def formula(person, period):
        group = person("poverty_alleviated", period) + person("registered_unemployed", period) + person("recent_graduate", period)
        return group * (person("cert_level", period) > 0) * (months_since(person("cert_on", period), period) < 12)


class training_fen(Computed):
    def formula(person, period, parameters):
        return person("training", period) * parameters(period).law.training_fen


class startup_once(Condition):
    def formula(person, period):
        old = months_since(person("business_registered_on", period), period) >= 12
        return person("business_registered", period) * old * (person("hard_to_employ", period) + person("recent_graduate", period))


class startup_once_fen(Computed):
    def formula(person, period, parameters):
        return person("startup_once", period) * parameters(period).law.startup_once_fen


class startup_loan(Condition):
    def formula(person, period):
        return person("loan_group", period) * person("business_registered", period) * (person("loan_applied_fen", period) > 0)


class startup_loan_fen(Computed):
    def formula(person, period, parameters):
        return person("startup_loan", period) * np.minimum(person("loan_applied_fen", period), parameters(period).law.startup_loan_fen)


class tax_self(Condition):
    def formula(person, period):
        group = person("poverty_alleviated", period) + person("registered_unemployed", period) + person("veteran", period)
        return person("business_registered", period) * group * (months_since(person("business_registered_on", period), period) < 36)


class tax_self_fen(Computed):
    def formula(person, period, parameters):
        return person("tax_self", period) * np.minimum(person("tax_due_fen", period), parameters(period).law.tax_self_fen)


class tax_hire(Condition):
    def formula(person, period):
        since = months_since(person("hire_on", period), period)
        return status(person, period, "employed") * person("poverty_alleviated", period) * (person("contract_months", period) >= 12) * (since < 36)


class tax_hire_fen(Computed):
    def formula(person, period, parameters):
        return person("tax_hire", period) * parameters(period).law.tax_hire_fen


class tax_hire_veteran(Condition):
    def formula(person, period):
        since = months_since(person("hire_on", period), period)
        return status(person, period, "employed") * person("veteran", period) * (person("contract_months", period) >= 12) * (since < 36)


class tax_hire_veteran_fen(Computed):
    def formula(person, period, parameters):
        return person("tax_hire_veteran", period) * parameters(period).law.tax_hire_fen


class min_wage(Condition):
    def formula(person, period, parameters):
        return status(person, period, "employed") * (person("monthly_wage_fen", period) < parameters(period).law.min_wage_fen)


class min_wage_fen(Computed):
    def formula(person, period, parameters):
        return person("min_wage", period) * (parameters(period).law.min_wage_fen - person("monthly_wage_fen", period))


class retirement(Condition):
    def formula(person, period):
        return person("months_to_retirement", period) <= 0


class rural_lump(Condition):
    def formula(person, period):
        return (
            (person("hukou_type", period) == ENUMS["hukou_type"].rural)
            * np.logical_not(status(person, period, "employed"))
            * (person("last_job_months", period) >= 12)
            * (person("left_job_reason", period) != ENUMS["left_job_reason"].never_employed)
        )


class rural_lump_fen(Computed):
    def formula(person, period, parameters):
        return person("rural_lump", period) * parameters(period).law.rural_lump_fen


POLICIES += sorted(file.stem for file in (HERE / "pack20" / "policies").glob("*.yaml"))
"""Ids of the policies; `<id>` is the condition, `<id>_fen` the amount where there is one."""


class Law(TaxBenefitSystem):
    def __init__(self) -> None:
        super().__init__([Person])
        self.load_parameters(str(HERE / "openfisca_parameters"))
        for fact in FACTS:
            self.add_variable(input_variable(fact))
        for rule in [*Computed.__subclasses__(), *Condition.__subclasses__()]:
            if rule is not Condition:
                self.add_variable(variable_of(rule))
