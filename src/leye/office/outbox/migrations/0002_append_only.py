"""The audit can only grow, whoever holds the database connection."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = [
    f"CREATE TRIGGER outbox_auditentry_no_{verb.lower()} BEFORE {verb} ON outbox_auditentry BEGIN SELECT RAISE(ABORT, 'the audit can only grow'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE FUNCTION outbox_auditentry_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit can only grow'; END $$",
    "CREATE TRIGGER outbox_auditentry_no_change BEFORE UPDATE OR DELETE ON outbox_auditentry FOR EACH ROW EXECUTE FUNCTION outbox_auditentry_grows()",
]
DO = {"sqlite": SQLITE, "postgresql": POSTGRES}
UNDO = {
    "sqlite": ["DROP TRIGGER IF EXISTS outbox_auditentry_no_update", "DROP TRIGGER IF EXISTS outbox_auditentry_no_delete"],
    "postgresql": ["DROP TRIGGER IF EXISTS outbox_auditentry_no_change ON outbox_auditentry", "DROP FUNCTION IF EXISTS outbox_auditentry_grows"],
}


def guard(apps: StateApps | None, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DO[editor.connection.vendor]:
        editor.execute(statement)


def unguard(apps: StateApps | None, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
