"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Vacancies(AppConfig):
    """`leye.office.vacancies`."""

    name = "leye.office.vacancies"
    label = "vacancies"
