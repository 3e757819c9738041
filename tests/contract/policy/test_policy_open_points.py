"""Open points of the development sheet: each is told to the user, at the policy it touches, in the national pack or that of the region."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TypeAlias

import pytest

from leye.policy.pack import ClauseNode, Group, Note
from leye.policy.read_pack import shipped

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "policy" / "open_points.md"
Told: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Region ("CN" for the national pack), policy, words that its notes must hold."""

FUNDED = ("ss_hire_hard", "ss_flex_hard", "ss_hire_grad", "ss_flex_grad", "public_post", "public_post_ss", "internship", "job_seek_once", "training",
          "training_living", "startup_once")  # fmt: skip
FIRST_SEVEN = ("CN-11", "CN-31", "CN-32", "CN-44", "CN-46", "CN-50", "CN-51")
TEN_MORE = ("CN-12", "CN-13", "CN-21", "CN-33", "CN-34", "CN-35", "CN-37", "CN-42", "CN-45", "CN-64")
SUCCESSOR = ("财社〔2023〕181号",)
POINTS: dict[int, list[Told]] = {
    1: [("CN", policy, SUCCESSOR) for policy in FUNDED] + [(region, "public_post", SUCCESSOR) for region in ("CN-37", "CN-41", "CN-46")],
    2: [
        ("CN", "ss_quarter", ("2026年12月底", "半年以上")),
        ("CN-35", "ss_quarter", ("防返贫监测", "2026年12月底", "制造业")),
        ("CN-32", "ss_quarter", ("防返贫监测", "12个月")),
    ],
    3: [("CN", "ui_hardship", ("不符合领取失业保险金条件", "2021年"))],
    4: [("CN", "hire_once", ("2023年12月31日",)), ("CN-51", "hire_once", ("2000元",))],
    5: [("CN", "expand_post", ("2024年", "6月25日")), ("CN-33", "expand_post", ("2024年",)), ("CN-37", "expand_post", ("6月25日",))],
    6: [("CN", "public_post", ("重新计算",)), ("CN", "public_post_ss", ("重新计算",))],
    7: [("CN", "ui_rate_cut", ("2026年",)), ("CN-35", "ui_rate_cut", ("2026年",))],
    8: [
        ("CN", "gig_injury", ("17", "2026年")),
        *((region, "gig_injury", ("2022年7月1日", "没有写明日期")) for region in FIRST_SEVEN),
        *((region, "gig_injury", ("2025年7月1日", "没有写明日期")) for region in TEN_MORE),
    ],
    9: [("CN", policy, ("2027年12月31日",)) for policy in ("tax_self_key", "tax_hire_key", "tax_self_veteran", "tax_hire_veteran")],
    10: [("CN", "tax_hire_veteran", ("50%",)), ("CN-31", "tax_hire_veteran", ("9000元",)), ("CN-33", "tax_hire_veteran", ("9000元",))],
    11: [
        ("CN", "ui_benefit", ("上限",)),
        ("CN-31", "ui_benefit", ("2个月", "24个月")),
        ("CN-11", "ui_benefit", ("3个月", "24个月")),
    ],
    12: [("CN", "training_living", ("残疾",)), ("CN-44", "training_living", ("韶关", "残疾"))],
    13: [
        ("CN", "ui_rural_lump", ("本单位",)),
        ("CN", "skill_up", ("12个月",)),
        ("CN", "si_deferral", ("2026年",)),
        ("CN-35", "si_deferral", ("2026年",)),
    ],
}


def clause_notes(node: ClauseNode) -> list[Note]:
    own = [] if node.note is None else [node.note]
    return own + [note for part in node.parts for note in clause_notes(part)] if isinstance(node, Group) else own


def notes_at(region: str, policy: str) -> list[Note]:
    """What users of the nation, or of a region's pack alone, are told at a policy."""
    packs = shipped()
    if region != "CN":
        return [note for pack in packs.packs if pack.region == region for at, note in pack.notes if at == policy]
    found = packs.policies[policy]
    return [*found.notes, *(n for v in found.versions for n in (*v.notes, *clause_notes(v.who)))]


TOLD = [(number, *told) for number, items in POINTS.items() for told in items]


@pytest.mark.parametrize(("number", "region", "policy", "words"), TOLD, ids=[f"{n}-{r}-{p}" for n, r, p, _ in TOLD])
def test_a_point_is_told_at_its_policy(number: int, region: str, policy: str, words: tuple[str, ...]) -> None:
    notes = notes_at(region, policy)
    assert [word for word in words if not any(word in note.zh for note in notes)] == []
    assert all(note.source and note.en for note in notes), "a note says where it is from, in both languages"
    assert all(note.grade in ("A", "B", "C") for note in notes if note.zh.startswith("来源有不同说法")), "and how good that source is"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_the_map_holds_every_point_of_the_first_section() -> None:
    section = SHARED.read_text(encoding="utf-8").split("\n## ")[1].partition("\n")[2]
    assert [int(n) for n in re.findall(r"^(\d+)\. ", section, re.MULTILINE)] == sorted(POINTS)
    blocks = dict(zip(sorted(POINTS), re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:], strict=True))
    for number, text in blocks.items():
        named = {policy for policy in shipped().policies if re.search(rf"\b{policy}\b", text)}
        assert named <= {policy for _, policy, _ in POINTS[number]}, f"point {number} also names {named}"
