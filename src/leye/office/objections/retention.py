"""What people said in an objection is kept as long as the decision that they objected to, and then goes; steps and leaves stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from leye.office.decisions.erase import DAYS_A_YEAR, years_of
from leye.office.objections.models import OPEN, Objection, Step
from leye.office.objections.steps import PURPOSE
from leye.office.privacy.keyring import keyring


def erase_old_words(at: datetime) -> int:
    """Replace the words of closed objections whose class is over by nothing, encrypted; returns how many steps. The nightly calls it.

    The clock runs from the answer, not from the decision: whoever objects late is not heard shorter.
    """
    done = 0
    for retention in Objection.objects.values_list("decision__retention", flat=True).distinct().order_by("decision__retention"):
        before = at - timedelta(days=DAYS_A_YEAR * years_of(retention))
        closed = Objection.objects.filter(decision__retention=retention, decided_at__lt=before).exclude(state__in=OPEN)
        for step in Step.objects.filter(objection__in=closed, is_erased=False):
            step.words_sealed, step.is_erased = keyring(PURPOSE).encrypt(b"", step.pk.bytes), True
            step.save(update_fields=["words_sealed", "is_erased"])
            done += 1
    return done
