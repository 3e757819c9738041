"""One row a report that was made and sealed; its figures lie in files whose hash the row and the log hold."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class FairnessReport(models.Model):
    """quarter: `2025Q3` · algo, version: what was audited · sha256: of `report.json` · sealed_id, leaf_index: its receipt · rows: decisions audited ·
    flagged, open: groups surely below four fifths, and groups that could not be judged. The newest of a quarter counts; older ones stay.
    """

    quarter = models.CharField(max_length=6)
    algo = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_id = models.UUIDField(unique=True)
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-quarter", "-made_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["quarter", "algo", "sha256"], name="fairness_report_once")]

    def __str__(self) -> str:
        return f"{self.algo} {self.quarter}"
