"""The register's domain: cards and their linter, identity of versions, states, sandboxes, samples, law facts, papers. No Django, no clock."""

from leye.trust.registry.card import KINDS, RISKS, Card, Words
from leye.trust.registry.findings import Finding, refuse_errors
from leye.trust.registry.identity import Identity, Source, code_hash, config_hash, identity_of, sources_of
from leye.trust.registry.law import MARKS, Fact, fact, facts
from leye.trust.registry.linter import lint
from leye.trust.registry.reading import card_of, document_of, read_card
from leye.trust.registry.states import BARRED, STATES, STEPS, Standing, Step, step_of, steps_from

__all__ = [
    "BARRED",
    "KINDS",
    "MARKS",
    "RISKS",
    "STATES",
    "STEPS",
    "Card",
    "Fact",
    "Finding",
    "Identity",
    "Source",
    "Standing",
    "Step",
    "Words",
    "card_of",
    "code_hash",
    "config_hash",
    "document_of",
    "fact",
    "facts",
    "identity_of",
    "lint",
    "read_card",
    "refuse_errors",
    "sources_of",
    "step_of",
    "steps_from",
]
