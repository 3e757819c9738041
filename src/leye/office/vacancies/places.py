"""Which district a place of work lies in, read from the text; where it does not say, the employer is asked."""

from __future__ import annotations

from functools import cache

from leye.kernel.codes import current_regions, region_name


def city_of(district: str) -> str:
    """Prefecture of a district; a municipality's districts give the municipality (110000, as in the match columns).

    >>> city_of("440605"), city_of("110105")
    ('440600', '110000')
    """
    return district[:2] + "0000" if district[:2] in {"11", "12", "31", "50"} else district[:4] + "00"


@cache
def districts_of(city: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the districts of a city, in order of the code."""
    head = city[:2] if city.endswith("0000") else city[:4]
    return tuple((c, s.name) for c, s in sorted(current_regions().items()) if c.startswith(head) and not c.endswith("00"))


def district_in(text: str, city: str) -> str:
    """Code of the one district of the city that a text names, by its full name or without 区; empty when it names none or several.

    >>> district_in("佛山市禅城区汾水街190号", "440600"), district_in("南海或顺德", "440600")
    ('440604', '')
    """
    found = {code for code, name in districts_of(city) if name in text}
    if not found:
        found = {code for code, name in districts_of(city) if len(name) > 2 and name.rstrip("区县市") in text}
    return found.pop() if len(found) == 1 else ""


def district_word(code: str) -> str:
    """Name of a district; the code where it is none of the present table."""
    return region_name(code) if code in current_regions() else code
