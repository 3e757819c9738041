"""The command tree: one module a verb group, and one place that turns errors into words and exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from leye.cli import refusals
from leye.kernel.errors import LeyeError

app = typer.Typer(
    name="leye",
    help="乐业：公共就业平台。Leye: an open public-employment platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich at import costs 0.3 s of CPU (dependencies note)
)

# Groups: module `leye.cli.<name>` with a Typer called `app`. Commands: module with a function of that name.
GROUPS = ("run", "intake", "forecast", "watch", "policy", "trust", "indicators", "report", "match", "impact")
COMMANDS = ("up", "demo", "doctor", "bench")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"leye {version('leye')}\n")
        raise typer.Exit


def build() -> typer.Typer:
    """The whole tree. Verb modules are light at their top; rooms are imported inside the functions."""
    for name in GROUPS:
        app.add_typer(importlib.import_module(f"leye.cli.{name}").app, name=name)
    for name in COMMANDS:
        module = importlib.import_module(f"leye.cli.{name}")
        app.command(name)(getattr(module, name))
    return app


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", help="版本 · print the version", is_eager=True, callback=_version)] = False,
) -> None:
    """乐业：公共就业平台。Leye: an open public-employment platform."""


def run() -> None:
    """Run the tree; an error becomes a sentence on stderr (or JSON with `--json`) and exit 2, a failed check exit 1."""
    raise SystemExit(_outcome())


def _outcome() -> int:
    try:
        code = build()(standalone_mode=False)
    except LeyeError as error:
        return refusals.tell(error)
    except OSError as error:
        return refusals.tell(refusals.of_the_machine(error))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _other(error)
    return code if isinstance(code, int) else 0


def _other(error: Exception) -> int:
    """The parser's own errors and an absent database are answers; anything else is a fault of the program, and its traceback is wanted."""
    kind = {c.__name__ for c in type(error).__mro__}
    if "NoArgsIsHelpError" in kind:
        error.show()  # type: ignore[attr-defined]
        return 2
    if "Abort" in kind:
        return 130
    said = refusals.of_the_command_line(error) if "ClickException" in kind else refusals.of_the_database(error)
    if said is None:
        raise error
    return refusals.tell(said)
