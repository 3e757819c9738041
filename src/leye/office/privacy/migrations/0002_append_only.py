"""Reads and releases can only be added; a read's encrypted id may be encrypted anew, a budget may only be charged."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

READ, RELEASE, BUDGET = "privacy_readaccess", "privacy_release", "privacy_budget"
FIXED = "id, at, reader_id, reader_role, reader_region, subject_kind, subject_key, region, purpose, columns, leaf_index"
REFUSALS = [
    # table, name of the trigger, event, text
    (READ, "no_delete", "DELETE", "reads can only be added"),
    (READ, "no_update", f"UPDATE OF {FIXED}", "reads can only be added"),
    (RELEASE, "no_delete", "DELETE", "releases can only be added"),
    (RELEASE, "no_update", "UPDATE", "releases can only be added"),
    (BUDGET, "no_delete", "DELETE", "a budget can only be charged"),
]
CHARGE = (BUDGET, "no_refund", "UPDATE", "a budget can only be charged")
IF_REFUNDED = "NEW.spent_micro < OLD.spent_micro OR NEW.total_micro <> OLD.total_micro OR NEW.dataset <> OLD.dataset OR NEW.year <> OLD.year"


def _sqlite(table: str, name: str, event: str, text: str, when: str = "") -> str:
    return f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {f'WHEN {when}' if when else ''} BEGIN SELECT RAISE(ABORT, '{text}'); END"


def _postgres(table: str, name: str, event: str, text: str, when: str = "") -> str:
    condition = f"WHEN ({when})" if when else ""
    return f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION privacy_refuse('{text}')"


FUNCTION = "CREATE FUNCTION privacy_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
NAMES = [(table, name) for table, name, *_ in (*REFUSALS, CHARGE)]
DO = {
    "sqlite": [*(_sqlite(*r) for r in REFUSALS), _sqlite(*CHARGE, IF_REFUNDED)],
    "postgresql": [FUNCTION, *(_postgres(*r) for r in REFUSALS), _postgres(*CHARGE, IF_REFUNDED)],
}
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {table}_{name}" for table, name in NAMES],
    "postgresql": [*(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for table, name in NAMES), "DROP FUNCTION IF EXISTS privacy_refuse"],
}


def guard(apps: StateApps | None, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DO[editor.connection.vendor]:
        editor.execute(statement, None)


def unguard(apps: StateApps | None, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
