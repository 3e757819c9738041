"""A person's résumés and the versions of their profile, encrypted, and what they let whom see."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Profile(models.Model):
    """One a person. number: of the version in force, 0 for none · shared: field to the audiences that may see it, `match employer counsellor` ·
    is_active: False once withdrawn, then nothing is matched or shown."""

    owner = models.OneToOneField(USER, on_delete=models.PROTECT, primary_key=True, related_name="work_profile")
    number = models.PositiveIntegerField(default=0)
    shared = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"profile {self.pk} version {self.number}"


class Resume(models.Model):
    """A document as it was handed in. sealed: JSON of file name, file, text and notes, encrypted for the purpose `profiles`."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"resume {self.id}"


class Version(models.Model):
    """A confirmed state of the profile. sealed: JSON of the claims, encrypted for `profiles` · resume: the document they were read in, if any."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    resume = models.ForeignKey(Resume, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "number"], name="one_profile_version_a_number")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.owner_id}"
