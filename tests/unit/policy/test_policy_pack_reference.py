"""docs/reference/policies.md against the pack: every policy with basis, status and days, every exclusion, every derived fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leye.policy import PackSet, Version, load

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "policies.md"


@pytest.fixture(scope="module")
def pack() -> PackSet:
    return load(["cn"])


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows(page: str, header: str) -> list[tuple[str, ...]]:
    """Cells of the table under a header row, without code marks."""
    lines = page.split(f"| {header} |")[1].split("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip().strip("`") for cell in line.strip("| ").split(" | ")) for line in lines]


def span(version: Version) -> str:
    """2025-01-01..2039-12-31 CN-63."""
    text = f"{version.start}..{version.end or ''}" + ("" if version.region == "CN" else f" {version.region}")
    return text if version.dates == "verified" else f"{text} (dates to be checked)"


FUNDS = {
    "ui_fund": "unemployment fund", "employment_fund": "employment subsidy fund", "guarantee_fund": "guarantee fund", "injury_fund": "injury fund",
    "tax": "tax", "none": "–",
}  # fmt: skip


def test_the_page_lists_every_policy_with_basis_status_and_days(pack: PackSet, page: str) -> None:
    assert rows(page, "id | name | in English | about | paid from | basis | status | in force") == [
        (p.id, p.name, p.name_en, p.about, FUNDS[p.pays], "；".join(map(str, p.sources)), p.status, "<br>".join(span(v) for v in p.versions))
        for p in pack.policies.values()
    ]


def test_the_page_lists_every_exclusion_group(pack: PackSet, page: str) -> None:
    found: dict[str, tuple[list[str], str, str]] = {}
    for policy in pack.policies.values():
        own = [(policy.id, e) for e in policy.exclusive] + [(f"{policy.id} in {v.region}", e) for v in policy.versions for e in v.exclusive]
        for member, exclusion in own:
            found.setdefault(exclusion.group, ([], exclusion.scope, exclusion.rule))[0].append(member)
    assert rows(page, "group | members | scope | rule") == [(name, ", ".join(m), scope, rule) for name, (m, scope, rule) in sorted(found.items())]


def test_the_page_names_the_programmes_that_may_be_weighed(pack: PackSet, page: str) -> None:
    sentence = page.split("may be optimised: ")[1].split(".")[0]
    assert re.findall(r"`(\w+)`", sentence) == [p.id for p in pack.policies.values() if p.discretionary]


def test_the_page_lists_every_derived_fact_with_its_source(pack: PackSet, page: str) -> None:
    told = {name: (zh, unit, source, other) for name, zh, unit, source, other in rows(page, "derived fact | name | unit | source | other rule in")}
    assert set(told) == set(pack.derived)
    for name, derived in pack.derived.items():
        assert told[name][:3] == (derived.zh, derived.unit, derived.forms[0].source), name
        assert all(form.region in told[name][3] for form in derived.forms if form.region != "CN"), name
