"""Certificates of a résumé with their dates, and contacts, which are found in order to be masked."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from leye.match.fold import fold, half_width
from leye.match.slots import Slot
from leye.packs import open_pack

_DAY = r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}(?:\s*[月./-]\s*(?:\d{1,2}\s*日?)?)?"
_UNTIL = re.compile(rf"(?:有效期?(?:至|到)?|截止|到期日?)[^\d,，。;；\n]{{0,4}}(?P<at>{_DAY})|(?P<at2>{_DAY})\s*(?:到期|过期|前有效)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NEAR = 40
"""Characters after a certificate within which an expiry belongs to it. # chosen by us"""


@cache
def certificates() -> dict[str, str]:
    """Folded name or alias to the certificate's name (`packs/resumes/certificates.csv`)."""
    with open_pack("resumes/certificates.csv").open(encoding="utf-8", newline="") as file:
        return {fold(n): r["name"] for r in csv.DictReader(file) for n in (r["name"], *r["aliases"].split("|")) if n}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(n) for n in sorted(certificates(), key=lambda n: (-len(n), n))))


def papers(text: str) -> Iterator[Slot]:
    """`certificate` by name, and `certificate_until` `{certificate, until}` where an end is told beside it."""
    hits = list(_pattern().finditer(fold(text)))
    for k, m in enumerate(hits):
        name = certificates()[m.group()]
        yield Slot("certificate", name, "hard", m.start(), m.end(), "certificate.name")
        stop = min([m.end() + _NEAR, *(h.start() for h in hits[k + 1 : k + 2])])
        said = _UNTIL.search(text, m.end(), stop)
        group = said and ("at" if said["at"] else "at2")
        until = day_of(said[group]) if said and group else None
        if said and group and until:
            yield Slot("certificate_until", {"certificate": name, "until": until.isoformat()}, "hard", *said.span(group), "certificate.until")


def day_of(text: str) -> date | None:
    """The last day that a written date can mean (a month: its last day); None when there is no such day.

    >>> day_of("2026年2月").isoformat()
    '2026-02-28'
    """
    parts = [int(p) for p in re.findall(r"\d+", half_width(text))]
    try:
        if len(parts) >= 3:
            return date(*parts[:3])
        year, month = parts
        date(year, month, 1)  # refuses a thirteenth month
        return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    except ValueError:
        return None


def contacts(text: str) -> Iterator[Slot]:
    """`phone` and `email`; the value is masked, the span says where it stands."""
    for m in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", m.group())
        yield Slot("phone", f"{digits[-11:][:3]}****{digits[-4:]}", "hard", *m.span(), "contact.phone")
    for m in _MAIL.finditer(text):
        yield Slot("email", f"{m.group()[0]}***@{m.group().rpartition('@')[2]}", "hard", *m.span(), "contact.email")


def masked(text: str) -> str:
    """The text with phones and e-mail addresses struck out by stars of the same length, so that places stay."""
    for slot in [*contacts(half_width(text))]:
        text = text[: slot.start] + "*" * (slot.end - slot.start) + text[slot.end :]
    return text
