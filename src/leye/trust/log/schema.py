"""The log's tables on both engines, and the guards that keep them growing.

An outside auditor works with these tables and nothing else: `trust_leaf(idx, record)`, rows 0, 1, 2 … without a gap;
`trust_tile(level, idx, hashes)`, up to 256 hashes of 32 bytes each (C2SP tlog-tiles, height 8), kept apart from the rows so that a changed row is
found by its place; `trust_checkpoint(id, size, note)`, signed heads. Guards stop accidents. Whoever holds the file can drop them: they prove nothing.
"""

from __future__ import annotations

MORE_THAN_ONE_SIGNATURE = "length(note) - length(replace(note, '— ', '')) > 2"
"""Condition for a head that witnesses have signed beside the log; an index over it stays as small as their number."""

SCHEMA: dict[str, list[str]] = {
    "sqlite": [
        "CREATE TABLE trust_leaf (idx INTEGER PRIMARY KEY CHECK (idx >= 0), record BLOB NOT NULL)",
        "CREATE TABLE trust_tile (level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL"
        " CHECK ((length(hashes) & 31) = 0 AND length(hashes) BETWEEN 32 AND 8192), PRIMARY KEY (level, idx))",
        "CREATE TABLE trust_checkpoint (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL)",
        "CREATE INDEX trust_checkpoint_size ON trust_checkpoint (size)",
        f"CREATE INDEX trust_checkpoint_cosigned ON trust_checkpoint (size) WHERE {MORE_THAN_ONE_SIGNATURE}",
    ],
    "postgresql": [
        "CREATE TABLE trust_leaf (idx bigint PRIMARY KEY CHECK (idx >= 0), record bytea NOT NULL)",
        "CREATE TABLE trust_tile (level smallint NOT NULL, idx bigint NOT NULL, hashes bytea NOT NULL"
        " CHECK ((octet_length(hashes) & 31) = 0 AND octet_length(hashes) BETWEEN 32 AND 8192), PRIMARY KEY (level, idx))",
        # Hashes do not compress: without this, every grown tile is tried in vain.
        "ALTER TABLE trust_tile ALTER COLUMN hashes SET STORAGE EXTERNAL",
        "CREATE TABLE trust_checkpoint (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, size bigint NOT NULL, note text NOT NULL)",
        "CREATE INDEX trust_checkpoint_size ON trust_checkpoint (size)",
        f"CREATE INDEX trust_checkpoint_cosigned ON trust_checkpoint (size) WHERE {MORE_THAN_ONE_SIGNATURE}",
    ],
}
"""Statements that make the tables, by engine."""

_SAID = "the log can only grow"
_ROWS = ("trust_leaf", "trust_checkpoint")
_KEYS = {"trust_leaf": "idx", "trust_checkpoint": "id"}

_SQLITE_GUARDS = [
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        for table in _ROWS
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes the old row without a word to the delete trigger.
    *(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 (names of ours)
        f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        for table, key in _KEYS.items()
    ),
    f"CREATE TRIGGER trust_tile_no_delete BEFORE DELETE ON trust_tile BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    "CREATE TRIGGER trust_tile_no_replace BEFORE INSERT ON trust_tile WHEN EXISTS"  # noqa: S608 (names of ours)
    f" (SELECT 1 FROM trust_tile WHERE level = NEW.level AND idx = NEW.idx) BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    "CREATE TRIGGER trust_tile_grows BEFORE UPDATE ON trust_tile WHEN NEW.level IS NOT OLD.level OR NEW.idx IS NOT OLD.idx"
    " OR length(NEW.hashes) <= length(OLD.hashes) OR substr(NEW.hashes, 1, length(OLD.hashes)) IS NOT OLD.hashes"
    f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
]

_POSTGRES_GUARDS = [
    f"CREATE FUNCTION trust_log_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$",
    "CREATE FUNCTION trust_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NEW.level <> OLD.level OR NEW.idx <> OLD.idx OR octet_length(NEW.hashes) <= octet_length(OLD.hashes)"
    " OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes"
    f" THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN NEW; END $$",
    *(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION trust_log_grows()" for table in _ROWS),
    "CREATE TRIGGER trust_tile_no_delete BEFORE DELETE ON trust_tile FOR EACH ROW EXECUTE FUNCTION trust_log_grows()",
    "CREATE TRIGGER trust_tile_grows BEFORE UPDATE ON trust_tile FOR EACH ROW EXECUTE FUNCTION trust_tile_grows()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trust_log_grows()"
        for table in (*_ROWS, "trust_tile")
    ),
]

GUARDS: dict[str, list[str]] = {"sqlite": _SQLITE_GUARDS, "postgresql": _POSTGRES_GUARDS}
"""Statements that put the guards on, by engine."""

UNGUARD: dict[str, list[str]] = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {statement.split()[2]}" for statement in _SQLITE_GUARDS],
    "postgresql": [
        *(f"DROP TRIGGER IF EXISTS {s.split()[2]} ON {s.split(' ON ')[1].split()[0]}" for s in _POSTGRES_GUARDS if s.startswith("CREATE TRIGGER")),
        "DROP FUNCTION IF EXISTS trust_tile_grows",
        "DROP FUNCTION IF EXISTS trust_log_grows",
    ],
}
"""Statements that take them off again: for tests that empty the tables, and for going back over a migration."""
