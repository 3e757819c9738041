"""What a search asks for, as it travels in an address and lies in a kept search: short texts of closed lists, and one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from leye.match.columns import FORMS
from leye.match.places import MODES, Place, place_called
from leye.match.search import Asked, read_wish
from leye.match.search.wish import LONGEST

PAY_FLOORS_YUAN = (3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000)
"""Choices of the pay filter, yuan a month. # chosen by us: around the city's wage"""
WITHIN = ("5km", "10km", "20km", *(f"{mode}-{n}" for mode in ("bus", "ebike", "bike", "car") for n in (30, 60)))
"""Choices of the way to work: kilometres, or minutes by a mode."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """q: the line · place: name of a place to work in · pay: least yuan a month · form: of FORMS · origin: name of the place where the way begins ·
    within: of WITHIN. Empty: not asked."""

    q: str = ""
    place: str = ""
    pay: str = ""
    form: str = ""
    origin: str = ""
    within: str = ""

    def as_dict(self) -> dict[str, str]:
        """Only what is asked, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_empty(self) -> bool:
        """Nothing is asked."""
        return not self.as_dict()


def criteria_of(form: Mapping[str, str], city: str) -> Criteria:
    """From a form or an address; what is in no list of choices is left out, the line is cut. Control characters become spaces."""
    line = "".join(c if c.isprintable() else " " for c in form.get("q", "")).strip()[:LONGEST]
    place, origin = (_known(form.get(name, ""), city) for name in ("place", "origin"))
    pay = form.get("pay", "")
    return Criteria(
        line, place, pay if pay in {str(f) for f in PAY_FLOORS_YUAN} else "", form.get("form", "") if form.get("form") in FORMS else "", origin,
        form.get("within", "") if form.get("within") in WITHIN else "",
    )  # fmt: skip


def _known(name: str, city: str) -> str:
    return name if name and place_called(name, city) else ""


def asked_of(criteria: Criteria, city: str, codes: tuple[str, ...] = ()) -> Asked:
    """The search that criteria mean in a city. codes: occupations of the line's words."""
    wish = read_wish(criteria.q, city=city)
    if criteria.within.endswith("km"):
        wish = replace(wish, commute_km=float(criteria.within.removesuffix("km")), commute_min=None)
    elif criteria.within:
        mode, minutes = criteria.within.split("-")
        wish = replace(wish, commute_min=float(minutes), commute_km=None, commute_mode=mode)
    assert wish.commute_mode is None or wish.commute_mode in MODES
    pay = int(criteria.pay) * 100 if criteria.pay else None
    return Asked(wish, codes, _place(criteria.place, city), _place(criteria.origin, city), pay, criteria.form)


def _place(name: str, city: str) -> Place | None:
    return place_called(name, city) if name else None
