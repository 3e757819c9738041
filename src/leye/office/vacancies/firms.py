"""The firm that an account stands for, from the register of firms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.kernel.codes import region_code
from leye.office.vacancies import refusals
from leye.office.vacancies.places import city_of


@dataclass(frozen=True, slots=True)
class Firm:
    """region: district, six digits, empty when unknown · industry: division of GB/T 4754 with its section letter, such as C32."""

    firm_id: str
    name: str
    region: str
    industry: str

    @property
    def city(self) -> str:
        """Its prefecture or municipality; empty when unknown."""
        return city_of(self.region) if self.region else ""


def firm_of(user: Any) -> Firm:
    """The account's firm. Raises NotAllowed (E_VACANCY_FIRM) for an account that stands for none."""
    if not user.subject or user.subject[:1] != "F":
        raise refusals.not_linked()
    return firms_called([user.subject]).get(user.subject) or Firm(user.subject, str(user), user.region, "")


def firms_called(ids: list[str]) -> dict[str, Firm]:
    """Firms by id, in one scan; those that the register does not have are absent."""
    file = Path(settings.LEYE_DATA) / "city" / "firms.parquet"
    if not ids or not file.exists():
        return {}
    rows = pl.scan_parquet(file).filter(pl.col("firm_id").is_in(ids)).select("firm_id", "name", "region", "industry").collect()
    return {i: Firm(i, name or "", _six(region), industry or "") for i, name, region, industry in rows.iter_rows()}


def _six(region: str | None) -> str:
    return (region_code(region) or "") if region else ""
