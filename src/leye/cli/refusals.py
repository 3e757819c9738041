"""What a command says when it cannot go on: one error in words, on stderr, and as JSON on stdout with `--json`; never a traceback."""

from __future__ import annotations

import json
import sys

from leye.kernel.errors import BadInput, CheckFailed, LeyeError

_UNREACHABLE = {"OperationalError", "InterfaceError"}
"""Class names of Django, psycopg and sqlite3 for a database that cannot be reached, is locked or lacks its tables."""


def tell(error: LeyeError) -> int:
    """Print the error; returns the exit code: 1 for a failed check, 2 for the rest."""
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": error.as_dict()}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{error}\n")
    return 1 if isinstance(error, CheckFailed) else 2


def of_the_machine(error: OSError) -> LeyeError:
    """A file that cannot be read or written, a full disk."""
    what = f"{error.filename}：" if error.filename else ""
    return BadInput(
        f"读写不了文件（{what}{error.strerror or error}）",
        en=f"a file cannot be read or written: {error}",
        remedy_zh="看路径是否存在、有没有权限、磁盘还有没有空间",
        remedy_en="look whether the path exists, may be written, and the disk has room",
        code="E_FILE",
    )


def of_the_database(error: Exception) -> LeyeError | None:
    """A database that does not answer; None when the error is another. Told by name, so that no driver is imported for it."""
    if type(error).__name__ not in _UNREACHABLE or type(error).__module__.split(".")[0] not in {"django", "psycopg", "sqlite3"}:
        return None
    said = (str(error).strip().splitlines() or ["?"])[0]
    return LeyeError(
        f"办公数据库用不了：{said}",
        en=f"the office database cannot be used: {said}",
        remedy_zh="看 LEYE_DATABASE_URL 写得对不对、数据库开着没有；leye doctor 会逐项检查",
        remedy_en="check LEYE_DATABASE_URL and that the database is running; leye doctor looks at each part",
        code="E_DATABASE",
    )


def of_the_command_line(error: Exception) -> LeyeError:
    """A usage error of the parser, told by its class name: what is wrong with the line, and where the help is."""
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    name = option or max(getattr(parameter, "opts", None) or [getattr(parameter, "name", None) or ""], key=len)
    kind = type(error).__name__
    en = " ".join(error.format_message().split()) if hasattr(error, "format_message") else str(error)
    zh = {
        "NoSuchOption": f"没有选项“{name}”",
        "MissingParameter": f"缺少“{name}”",
        "BadParameter": f"“{name}”的值不对",
    }.get(kind, "命令写得不对")
    near = getattr(error, "possibilities", None)
    path = getattr(getattr(error, "ctx", None), "command_path", "leye")
    hint = f"是不是 {'、'.join(near)}？" if near else ""
    return BadInput(
        f"{zh}（{en}）", en=en, remedy_zh=f"{hint}用法见 {path} --help", remedy_en=f"see {path} --help", code="E_USAGE"
    )  # fmt: skip
