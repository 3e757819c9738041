"""What followed a closed alert, beside the forecast of the run that raised it, which knew of no action."""

from __future__ import annotations

from leye.office.alerts.models import Alert
from leye.office.published import Snapshot
from leye.watch.outcome import Review


def outcome_of(snapshot: Snapshot | None, alert: Alert) -> Review | None:
    """The review; None while the alert is open, or when that run is kept no more or had no forecast of the series."""
    if snapshot is None or not alert.is_closed or not snapshot.lake.has("forecast", alert.run_id):
        return None
    import polars as pl

    from leye.watch.outcome import review

    then = snapshot.lake.scan("forecast", alert.run_id).filter(pl.col("unique_id") == alert.unique_id).collect().to_dicts()
    return review(then, snapshot.history.get(alert.unique_id, [])) if then else None
