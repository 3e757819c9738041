"""`leye trust …`: the register, the log, receipts and audits."""

from __future__ import annotations

import typer

from leye.cli import trust_audit, trust_log, trust_privacy, trust_proofs, trust_registry, trust_releases, trust_seal, trust_swap

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """算法备案、决定留痕、回执、公平审计。The register, the log, receipts and audits."""


app.command("seal")(trust_seal.seal)
app.command("audit")(trust_audit.audit)
app.command("swap")(trust_swap.swap)
app.command("registry")(trust_registry.registry)
app.command("card-lint")(trust_registry.card_lint)
app.command("models")(trust_registry.models)
app.command("reproduce")(trust_registry.reproduce)
app.command("verify")(trust_log.verify)
app.command("keys")(trust_log.keys)
app.command("checkpoint")(trust_log.checkpoint)
app.command("prove")(trust_log.prove)
app.command("witness")(trust_log.witness)
app.command("check-proof")(trust_proofs.check_proof)
app.command("check-vectors")(trust_proofs.check_vectors)
app.command("release")(trust_releases.release)
app.command("budget")(trust_releases.budget)
app.command("anonymity")(trust_privacy.anonymity)
app.command("rotate-keys")(trust_privacy.rotate_keys)
