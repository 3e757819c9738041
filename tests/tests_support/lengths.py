"""Texts longer than their column's model says. SQLite keeps them without a word; PostgreSQL refuses the write."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.apps import apps
from django.db.models import CharField


def overlong(database: Path) -> list[str]:
    """`table.column: longest of allowed` for every managed column of a SQLite file that holds a longer text than it may."""
    found = []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as city:
        there = {name for (name,) in city.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            for field in (f for f in model._meta.local_fields if isinstance(f, CharField) and f.max_length and table in there):
                (longest,) = city.execute(f'SELECT MAX(LENGTH("{field.column}")) FROM "{table}"').fetchone()
                if longest is not None and longest > (field.max_length or 0):
                    found.append(f"{table}.{field.column}: {longest} of {field.max_length}")
    return found
