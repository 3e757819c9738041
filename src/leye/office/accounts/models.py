"""A user has one role, a place of work, and perhaps a mandate; tries to sign in are counted beside."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone

from leye.office.accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A new user; without a password nobody can sign in as them."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """region: six digits GB/T 2260, empty for the whole city · desk: name of the office · mandate: such as 职工代表.

    subject: whom the account stands for in the city's tables, such as P00000012 or F00000003, a counsellor's C00000004;
    empty for other staff.
    """

    username = models.CharField(max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices)
    region = models.CharField(max_length=6, blank=True)
    desk = models.CharField(max_length=60, blank=True)
    mandate = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=20, blank=True)
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    class Meta:
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known")]

    def __str__(self) -> str:
        return self.display_name or self.username


class LoginTry(models.Model):
    """A failed sign-in. `key` is a keyed hash of what was typed and where from, so that no name lies here in clear."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"])]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%dT%H:%M:%S}"
