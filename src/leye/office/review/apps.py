"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Review(AppConfig):
    """`leye.office.review`."""

    name = "leye.office.review"
    label = "review"
