"""The page of the rule language says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from leye.policy import load, shipped
from leye.policy.cases import EXPECT_KEYS
from leye.policy.facts import read_facts
from leye.policy.grammar import DEEPEST, FUNCTIONS, LONGEST
from leye.policy.lint import CODES, Bases, lint
from leye.policy.lint.documents import TABLE_KEYS
from leye.policy.lint.shapes import OVERRIDE, VERSION
from leye.policy.located import DEEPEST as DEEPEST_FILE
from leye.policy.pack import ABOUT, FUNDS, RULES, SCOPES, STATUSES, UNITS
from leye.policy.read_pack import folder_of
from leye.policy.words import VERDICT_ZH

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "rule-language.md").read_text(encoding="utf-8")


def test_every_code_of_lint_is_listed_with_its_severity_and_words() -> None:
    listed = re.findall(r"^\| `([EW]_[A-Z_]+)` \| (错误 error|提醒 warning) \| (.+) \| (.+) \|$", PAGE, re.M)
    assert listed == [(k, "错误 error" if c.severity == "error" else "提醒 warning", c.zh, c.en) for k, c in CODES.items()]


def test_every_function_is_listed_and_no_other() -> None:
    assert re.findall(r"^\| `(\w+)\(", PAGE, re.M) == list(FUNCTIONS)


def test_words_keys_and_limits_stand_on_the_page() -> None:
    for words in (
        UNITS,
        FUNDS,
        ABOUT,
        RULES,
        SCOPES,
        STATUSES,
        TABLE_KEYS,
        tuple(VERDICT_ZH),
        tuple(VERDICT_ZH.values()),
        tuple(VERSION),
        tuple(OVERRIDE),
    ):
        assert [w for w in words if w not in PAGE] == []
    of_cases = PAGE.split("## 案例")[1].split("## 检查")[0]
    assert re.findall(r"^\| `(\w+)` \|", of_cases, re.M) == list(EXPECT_KEYS)
    assert f"最长 {LONGEST} 字、{DEEPEST} 层" in PAGE and f"{DEEPEST_FILE} 层" in PAGE


def test_the_caps_on_the_page_are_those_of_the_fact_table() -> None:
    facts = read_facts(folder_of("cn") / "facts.csv")
    for name in ("local_tax_cap_self_fen", "local_tax_cap_hire_fen"):
        low, high = facts[name].low, facts[name].high
        assert f"{low:,}–{high:,} 分" in PAGE


def test_the_policy_on_the_page_reads_and_lints(tmp_path: Path) -> None:
    """Dots in the example stand for what is left out; its one case is not enough, everything else is sound."""
    block = re.search(r"```yaml\n(policy: .*?)```", PAGE, re.S)
    assert block is not None
    text = block[1].replace("skill_up", "page_example").replace("facts: {…}", "facts: {}").replace("quote: 只引见到的原文", "quote: 原文")
    (tmp_path / "pack.yaml").write_text("pack: page\nname: {zh: 例}\nregion: CN\nextends: cn\n", encoding="utf-8")
    (tmp_path / "page_example.yaml").write_text(text, encoding="utf-8")
    bases: Bases = {}
    assert {f.code for f in lint(tmp_path, bases)} == {"E_FEW_CASES", "E_CASES_ONE_SIDED"}
    assert load([tmp_path]).policies.keys() - shipped().policies.keys() == {"page_example"}
