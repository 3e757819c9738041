"""The house's rules, read off the syntax trees: who may import whom, what stays lazy, and what no module may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "leye"
DOMAIN = {"intake", "forecast", "watch", "city", "trust", "policy", "match", "impact"}
WEB = {"site", "api", "cli"}

# room -> rooms whose names it may import; its own is always allowed
MAY_IMPORT = {
    "kernel": set(),
    "packs": {"kernel"},
    "lake": {"kernel"},
    **{room: {"kernel", "lake", "packs"} for room in DOMAIN},
    "office": {"kernel", "lake", "packs", *DOMAIN},
    **{room: {"kernel", "lake", "packs", "office", *DOMAIN} for room in WEB},
}
HEAVY = {
    "pandas", "scipy", "sklearn", "statsmodels", "statsforecast", "lightgbm", "ortools", "splink", "opendp", "fairlearn", "altair", "vl_convert",
    "jieba",
}  # fmt: skip
HEAVY_FOR_CLI = HEAVY | {"polars", "duckdb", "pyarrow"}


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def room_of(file: Path) -> str:
    parts = file.relative_to(SRC).parts
    return parts[0] if len(parts) > 1 else ""


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_at_top(tree: ast.Module) -> set[str]:
    top = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
    return {name.split(".")[0] for name in imported(top)}


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(SRC)))
def test_imports_follow_the_direction_of_the_house(file: Path) -> None:
    room = room_of(file)
    if not room:
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    reached = {name.split(".")[1] for name in imported(tree) if name.startswith("leye.")}
    rooms = {r for r in reached if (SRC / r).is_dir()}
    assert rooms - MAY_IMPORT[room] - {room} == set(), f"{room} may not import these rooms"
    if room == "kernel":
        outside = {n.split(".")[0] for n in imported(tree)} - set(sys.stdlib_module_names) - {"leye"}
        assert outside == set(), "the kernel is standard library only"
    if room in DOMAIN | {"kernel", "lake", "packs"}:
        assert not {n for n in imported(tree) if n.split(".")[0] in {"django", "ninja", "huey", "granian"}}, "no web in a domain room"


@pytest.mark.parametrize("file", [f for f in modules() if room_of(f) in WEB], ids=lambda f: str(f.relative_to(SRC)))
def test_heavy_imports_stay_inside_functions(file: Path) -> None:
    top = imported_at_top(ast.parse(file.read_text(encoding="utf-8")))
    assert top & (HEAVY_FOR_CLI if room_of(file) == "cli" else HEAVY) == set()


@pytest.mark.parametrize("file", [f for f in modules() if room_of(f) == "site"], ids=lambda f: str(f.relative_to(SRC)))
def test_pages_never_import_pandas(file: Path) -> None:
    assert "pandas" not in {n.split(".")[0] for n in imported(ast.parse(file.read_text(encoding="utf-8")))}


CLOCK_OR_DICE = re.compile(
    r"(datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.monotonic|random\.seed|np\.random\.(?!Generator|SeedSequence|default_rng|PCG64)"
    r"|default_rng\(\)|random\.Random\(\)|uuid\.uuid[14])"
)


@pytest.mark.parametrize("file", [f for f in modules() if room_of(f) in DOMAIN], ids=lambda f: str(f.relative_to(SRC)))
def test_domain_rooms_hold_no_clock_and_no_hidden_dice(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = {ast.unparse(n.func) + "()" * (not n.args and not n.keywords) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    # process_time measures cost for back-test records; it decides nothing
    assert {c for c in calls if CLOCK_OR_DICE.match(c)} == set()


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(SRC)))
def test_a_module_is_one_thing_with_a_name(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, "two things in one file?"
    assert not re.search(r"(utils|helpers|manager|common|misc)", file.stem), "a name that explains nothing"


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(SRC)))
def test_public_names_are_documented_and_typed(file: Path) -> None:
    if "migrations" in file.parts:
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    missing, untyped = [], []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                missing.append(node.name)
            if isinstance(node, ast.FunctionDef) and node.returns is None:
                untyped.append(node.name)
    assert missing == [], "public names without a docstring"
    assert untyped == [], "public functions without a return type"


TEXT = {".py", ".md", ".yaml", ".toml", ".csv", ".html", ".js", ".mjs", ".css", ".sh", ".lock", ".po"}


def tracked_text_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / f for f in listed if f and Path(f).suffix in TEXT and (ROOT / f).exists()]


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_repository_names_no_machine_path_and_no_registry() -> None:
    paths = re.compile("/" + "work/(main|shared)|/" + r"root/|pypi\." + "org|files\\.python" + "hosted|registry\\.npm" + "js|deb\\.debi" + "an")
    assert lines_with(paths, tracked_text_files()) == []


def test_nothing_is_left_undone_in_the_sources() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error")
    assert lines_with(marks, modules()) == []


def test_locks_are_pinned_by_hash_and_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        pins = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.M)
        assert pins and text.count("--hash=sha256:") >= len(pins)


def test_help_answers_without_heavy_modules() -> None:
    code = (
        "import sys, leye.cli.app as a; a.build();"
        f"heavy = {sorted(HEAVY_FOR_CLI | {'django', 'numpy', 'rich'})!r};"
        "print([h for h in heavy if h in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_room_lists_exists() -> None:
    for room in ("lake", *sorted(DOMAIN)):
        module = __import__(f"leye.{room}", fromlist=["__all__"])
        for name in getattr(module, "__all__", []):
            assert hasattr(module, name), f"leye.{room} lists {name} and does not have it"
