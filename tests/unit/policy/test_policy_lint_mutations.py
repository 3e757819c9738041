"""The shipped national pack, copied and broken in one place at a time: every break is refused, at its file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from leye.packs import open_pack
from leye.policy.lint import Bases, Finding, lint

CN = open_pack("cn")
POLICIES = sorted((CN / "policies").glob("*.yaml"))
BASES: Bases = {}

Break = Callable[[list[str]], int | None]
"""Changes the lines of a file; gives the line (from 1) at which lint must speak, None where the file has no such place."""


def first(pattern: str, lines: list[str], after: int = 0) -> int | None:
    return next((i for i in range(after, len(lines)) if re.search(pattern, lines[i])), None)


def without_source(lines: list[str]) -> int | None:
    for where in [i for i, text in enumerate(lines) if re.match(r"( {4})?source:", text)][::-1]:
        indent = len(lines[where]) - len(lines[where].lstrip())
        end = next(
            i for i in range(where + 1, len(lines)) if lines[i].strip() and not re.match(rf" {{{indent}}} *(-|#)| {{{indent + 1},}}", lines[i])
        )
        del lines[where:end]
    return 1 + (first("^policy:", lines) or 0)


def without_end(lines: list[str]) -> int | None:
    where = first(r"^    (to|sunset):", lines)
    assert where is not None
    del lines[where]
    return 1 + (first(r"^  - from:", lines) or 0)


def without_sentence(lines: list[str]) -> int | None:
    where = first(r"^ +say: ", lines)
    when = first(r"^ +- when:", lines)
    if where is None or when is None or where < when:
        return None
    del lines[where]
    return when + 1


def unknown_fact(lines: list[str]) -> int | None:
    where = first(r"^ +(- )?when: ", lines)
    assert where is not None
    lines[where] = re.sub(r"when: .*", "when: no_such_fact >= 1", lines[where])
    return where + 1


def outside_the_grammar(lines: list[str]) -> int | None:
    where = first(r"^ +(- )?when: ", lines)
    assert where is not None
    lines[where] = re.sub(r"when: .*", "when: exit()", lines[where])
    return where + 1


def version_twice(lines: list[str]) -> int | None:
    start = first(r"^  - from:", lines)
    assert start is not None
    end = next(i for i in range(start + 1, len(lines)) if re.match(r"(  - from:|\S)", lines[i]))
    lines[end:end] = lines[start:end]
    return end + 1


def cap_raised(lines: list[str]) -> int | None:
    where = first(r"max: \d+.*value: \d+", lines)
    if where is None:
        return None
    cap = int(re.search(r"max: (\d+)", lines[where]).group(1))  # type: ignore[union-attr]
    lines[where] = re.sub(r"value: \d+", f"value: {cap + 1}", lines[where], count=1)
    return where + 1


def cap_and_value_raised(lines: list[str]) -> int | None:
    where = cap_raised(lines)
    if where is not None:
        lines[where - 1] = re.sub(r"max: (\d+)", lambda m: f"max: {int(m.group(1)) + 1}", lines[where - 1])
    return where


def key_misspelt(lines: list[str]) -> int | None:
    where = first(r"^ +unit: ", lines)
    assert where is not None
    lines[where] = lines[where].replace("unit:", "units:")
    return where + 1


def half_a_fen(lines: list[str]) -> int | None:
    where = first(r"values: .*value: \d+", lines)
    if where is None:
        return None
    lines[where] = re.sub(r"value: (\d+)", r"value: \1.5", lines[where], count=1)
    return where + 1


def no_cases(lines: list[str]) -> int | None:
    where = first(r"^tests:", lines)
    assert where is not None
    del lines[where:]
    return 1 + (first("^policy:", lines) or 0)


def two_amounts(lines: list[str]) -> int | None:
    where = first(r"^    amount_fen: ", lines)
    if where is None:
        return None
    lines.insert(where + 1, "    amounts: [{when: true, fen: 1, say: 一分}]")
    return where + 2


BREAKS: list[tuple[Break, set[str]]] = [
    (without_source, {"E_NO_SOURCE"}),
    (without_end, {"E_NO_END"}),
    (without_sentence, {"E_NO_SAY"}),
    (unknown_fact, {"E_FACT_UNKNOWN"}),
    (outside_the_grammar, {"E_GRAMMAR"}),
    (version_twice, {"E_OVERLAP"}),
    (cap_raised, {"E_PARAM_RANGE"}),
    (cap_and_value_raised, {"E_CAP_NATIONAL"}),
    (key_misspelt, {"E_KEY_UNKNOWN"}),
    (half_a_fen, {"E_FRACTION"}),
    (no_cases, {"E_NO_CASES"}),
    (two_amounts, {"E_TWO_AMOUNTS", "E_UNIT_AMOUNT"}),
]


@pytest.mark.parametrize(("breaks", "codes"), BREAKS, ids=[b.__name__ for b, _ in BREAKS])
def test_a_break_in_any_policy_is_refused_at_its_line(breaks: Break, codes: set[str], tmp_path: Path) -> None:
    broken, silent = 0, []
    for policy in POLICIES[[b for b, _ in BREAKS].index(breaks) % 3 :: 3]:  # a third of the pack for each break, in turn
        lines = policy.read_text(encoding="utf-8").split("\n")
        line = breaks(lines)
        if line is None:
            continue
        broken += 1
        found = _lint_with(policy.name, "\n".join(lines), tmp_path / policy.stem)
        if not any(f.is_error and f.file == f"cn/policies/{policy.name}" and f.line == line and f.code in codes for f in found):
            silent.append((policy.name, line, [(f.code, f.file, f.line) for f in found]))
    assert silent == []
    assert broken >= 4


def test_the_copy_itself_is_accepted(tmp_path: Path) -> None:
    shutil.copytree(CN, tmp_path / "cn")
    assert [f for f in lint(tmp_path / "cn", BASES) if f.is_error] == []


RETIRING, CLAIMED = "months_to_retirement", "ui_claimed_months"
BY_HAND = [
    ("derived.yaml", "is: years_between(birth, on)", "is: years_between(birth, age)", "E_TYPE", "an expression of a derived fact"),
    ("derived.yaml", "is: retirement_month - mi(on)", f"is: {RETIRING} - mi(on)", "E_CYCLE", "a derived fact reads itself"),
    ("policies/skill_up.yaml", ">= ui_months_min", ">= ui_months_min + 601", "E_NEVER", "beyond the range of the fact"),
    ("policies/ui_older_pension.yaml", f"{RETIRING} > 0", f"{RETIRING} > near_months", "E_CONTRADICTION", "against the next condition"),
    ("policies/ui_benefit.yaml", f"months: ui_max - {CLAIMED}", f"months: {CLAIMED} - ui_max", "E_MONTHS_NEGATIVE", "turned round"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "why"), BY_HAND, ids=[b[-1] for b in BY_HAND])
def test_a_wrong_rule_is_refused_in_the_whole_pack(file: str, old: str, new: str, code: str, why: str, tmp_path: Path) -> None:
    shutil.copytree(CN, tmp_path / "cn")
    path = tmp_path / "cn" / file
    text = path.read_text(encoding="utf-8")
    assert old in text, "the pack has changed; choose another place to break"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = [f for f in lint(tmp_path / "cn", BASES) if f.code == code and f.file == f"cn/{file}"]
    assert found and min(abs(f.line - line) for f in found) <= 6, "told near the place: at the item, or at the condition it clashes with"


def _lint_with(name: str, text: str, folder: Path) -> list[Finding]:
    """A copy of the national pack with one policy, the others left out: they have nothing to do with the break and cost most of the time."""
    pack = folder / "cn"
    (pack / "policies").mkdir(parents=True)
    for file in ("pack.yaml", "facts.csv", "derived.yaml"):
        shutil.copy(CN / file, pack / file)
    (pack / "policies" / name).write_text(text, encoding="utf-8")
    return lint(pack, BASES)
