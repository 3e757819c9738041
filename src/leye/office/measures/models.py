"""A measure in reserve is a signed simulation that a plan names; a chosen one is what a desk decided for one alert.

Neither changes a rule: `/policy/rules` publishes a law in force, and people decide there.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Reserved(models.Model):
    """One signed scenario kept ready by one plan. plan_id: of the plans that are shipped as files."""

    id = models.UUIDField(primary_key=True)
    plan_id = models.CharField(max_length=80)
    scenario = models.ForeignKey("reforms.Scenario", on_delete=models.PROTECT, related_name="reserved")
    named_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-named_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan_id", "scenario"], name="reserved_once_a_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.scenario_id}"

    def is_visible_to(self, user: Any) -> bool:
        """As the scenario: accounts of one district see none."""
        return self.scenario.is_visible_to(user)


class Chosen(models.Model):
    """A measure that was chosen for an alert. It stays on record when the plan drops it or the scenario is withdrawn."""

    id = models.UUIDField(primary_key=True)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, related_name="measures")
    scenario = models.ForeignKey("reforms.Scenario", on_delete=models.PROTECT, related_name="chosen_for")
    why = models.CharField(max_length=500)
    chosen_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["chosen_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "scenario"], name="measure_once_an_alert")]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.scenario_id}"
