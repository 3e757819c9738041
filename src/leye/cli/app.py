"""The command tree: one module a verb group, and one place that turns errors into words and exit codes."""

from __future__ import annotations

import importlib
import json
import sys

import typer

from leye.kernel.errors import BadInput, CheckFailed, LeyeError

app = typer.Typer(
    name="leye",
    help="乐业：公共就业平台。Leye: an open public-employment platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich at import costs 0.3 s of CPU (dependencies note)
)

# Groups: module `leye.cli.<name>` with a Typer called `app`. Commands: module with a function of that name.
GROUPS = ("run", "intake", "forecast", "watch", "trust")
COMMANDS = ("up", "demo", "doctor", "bench")


def build() -> typer.Typer:
    """The whole tree. Verb modules are light at their top; rooms are imported inside the functions."""
    for name in GROUPS:
        app.add_typer(importlib.import_module(f"leye.cli.{name}").app, name=name)
    for name in COMMANDS:
        module = importlib.import_module(f"leye.cli.{name}")
        app.command(name)(getattr(module, name))
    return app


def run() -> None:
    """Run the tree; a LeyeError becomes a sentence on stderr (or JSON with `--json`) and exit 2, a failed check exit 1."""
    try:
        build()()
    except LeyeError as error:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": error.as_dict()}, ensure_ascii=False) + "\n")
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1 if isinstance(error, CheckFailed) else 2) from None
    except OSError as error:
        said = _refused_by_the_machine(error)
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": said.as_dict()}, ensure_ascii=False) + "\n")
        sys.stderr.write(f"{said}\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _refused_by_the_machine(error: OSError) -> LeyeError:
    """A file that cannot be read or written, a full disk: words instead of a traceback."""
    what = f"{error.filename}：" if error.filename else ""
    return BadInput(
        f"读写不了文件（{what}{error.strerror or error}）",
        en=f"a file cannot be read or written: {error}",
        remedy_zh="看路径是否存在、有没有权限、磁盘还有没有空间",
        remedy_en="look whether the path exists, may be written, and the disk has room",
        code="E_FILE",
    )
