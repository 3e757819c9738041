"""The append-only Merkle log over three tables of a database: append, prove, re-audit."""

from leye.trust.log.log import LARGEST_RECORD, Log, RecordTooLarge
from leye.trust.log.reaudit import verify_log
from leye.trust.log.schema import GUARDS, SCHEMA, UNGUARD
from leye.trust.log.tiles import LogDamaged
from leye.trust.log.verdict import FirstBad, Verdict

__all__ = ["GUARDS", "LARGEST_RECORD", "SCHEMA", "UNGUARD", "FirstBad", "Log", "LogDamaged", "RecordTooLarge", "Verdict", "verify_log"]
