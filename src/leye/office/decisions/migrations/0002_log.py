"""The log's tables, and guards over them and over the rows that repeat them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from leye.trust.log import GUARDS, SCHEMA, UNGUARD

DROP = ["DROP TABLE trust_checkpoint", "DROP TABLE trust_tile", "DROP TABLE trust_leaf"]


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in (*SCHEMA[editor.connection.vendor], *GUARDS[editor.connection.vendor]):
        editor.execute(statement, None)


def unmake(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in (*UNGUARD[editor.connection.vendor], *DROP):
        editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
