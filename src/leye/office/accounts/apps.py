"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    """`leye.office.accounts`."""

    name = "leye.office.accounts"
    label = "accounts"
