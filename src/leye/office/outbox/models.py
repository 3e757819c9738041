"""Two growing tables. Audit entries can be neither changed nor deleted, by the model here and by triggers in the database."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from leye.kernel.errors import NotAllowed


class AuditEntry(models.Model):
    """Who did what to which thing, when. `detail` holds ids and values, no personal data."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=30)
    object_id = models.CharField(max_length=60)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["object_kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if self.pk is not None:
            raise _no_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise _no_change()


class OutboxEvent(models.Model):
    """Something that readers outside the transaction should hear of. `id` is the cursor.

    permission, region: who may hear it over `/events` (region empty: all who hold the permission).
    """

    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    permission = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=6, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


def _no_change() -> NotAllowed:
    return NotAllowed(
        "留痕只能添加，不能改也不能删", en="the audit can only grow", remedy_zh="写错了就再记一条更正", remedy_en="add a correcting entry"
    )
