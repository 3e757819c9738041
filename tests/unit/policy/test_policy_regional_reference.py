"""The reference page of regional values: its counts are those of the packs, its example is read, linted by the loader and holds."""

from __future__ import annotations

import re
from pathlib import Path

from leye.policy.cases import run
from leye.policy.pack import Pack
from leye.policy.read_pack import load, shipped

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "regional-values.md").read_text(encoding="utf-8")
MAIN = ("local_min_wage_fen", "local_ui_benefit_fen", "local_dibao_fen", "local_subsidy_fen")


def counts(pack: Pack) -> list[int]:
    """Values by main parameter, others, unverified ones, seen figures, notes, cases of a pack."""
    packs, own = shipped(), f"{pack.folder.name}/"
    values = [(name, v) for name, p in packs.parameters.items() for v in p.values if str(v.place.file).startswith(own)]
    main = [sum(name == wanted for name, _ in values) for wanted in MAIN]
    unverified = sum(v.status == "unverified" for _, v in values)
    cases = sum(str(c.place.file).startswith(own) for c in packs.cases)
    return [*main, len(values) - sum(main), unverified, len(pack.seen), len(pack.notes), cases]


def rows() -> dict[str, list[int]]:
    """Counts of the page by pack; the total under the empty name."""
    found = re.findall(r"^\| (?:`(cn-\d\d)`)? ?\| (?:\S+ [^|]+) \| ([\d| ]+) \|$", PAGE, re.MULTILINE)
    return {name: [int(n) for n in numbers.split("|")] for name, numbers in found}


def test_the_page_counts_what_is_shipped() -> None:
    shipped_counts = {pack.id: counts(pack) for pack in shipped().packs[1:]}
    total = [sum(column) for column in zip(*shipped_counts.values(), strict=True)]
    assert rows() == shipped_counts | {"": total}


def test_the_example_of_the_page_reads_and_holds(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n# (foshan/\w+\.yaml)\n(.*?)```", PAGE, re.DOTALL)
    assert [name for name, _ in blocks] == ["foshan/pack.yaml", "foshan/parameters.yaml", "foshan/cases.yaml"]
    for name, text in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    packs = load([tmp_path / "foshan"])
    assert [p.id for p in packs.packs] == ["cn", "cn-44", "foshan"]
    report = run(packs, only=["foshan"])
    assert (report.cases, report.failures) == (1, ())
