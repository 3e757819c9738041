"""The longest prefix in force on the day wins: versions, forms and values."""

from datetime import date
from pathlib import Path

import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.packs import ROOT
from leye.policy import bind, load, places, shipped
from leye.policy.lookup import covers, prefixes_of, value_of, version_of

PACK = """
policy: gift
name: 礼金
about: person
pays: none
status: verified
source: [{{doc: 试}}]
versions:
  - from: 2024-01-01
    to: 2024-12-31
    region: CN
    who: {{all: [{{when: dibao, say: 低保}}]}}
    unit: once
    amount_fen: size
    parameters: {{size: {{unit: fen, values: {{CN: {{2024-01-01: 100, 2024-07-01: 200}}, CN-44: {{2024-01-01: 300}}}}}}}}
  - from: 2024-06-01
    sunset: 试
    region: CN-4403
    who: {{all: [{{when: tekun, say: 特困}}]}}
    unit: once
    amount_fen: {amount}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "t"
    folder.mkdir()
    (folder / "pack.yaml").write_text("pack: t\nname: 试\nregion: CN\n", encoding="utf-8")
    (folder / "facts.csv").write_bytes((ROOT / "cn" / "facts.csv").read_bytes())
    (folder / "gift.yaml").write_text(PACK.format(amount="400"), encoding="utf-8")
    return folder


def amount(pack: Path, on: date, region: str, **facts: bool) -> int | None:
    from leye.policy import Evaluator

    evaluator = Evaluator(bind(load([pack]), on, region))
    return evaluator.answer(evaluator.env(facts), "gift").amount_fen


@pytest.mark.parametrize(
    ("on", "region", "wanted"),
    [
        (date(2024, 6, 30), "CN", 100),
        (date(2024, 7, 1), "CN-110105", 200),
        (date(2024, 7, 1), "CN-440106", 300),
        (date(2024, 5, 31), "CN-440305", 300),
        (date(2024, 6, 1), "CN-440305", None),
        (date(2023, 12, 31), "CN", None),
        (date(2025, 1, 1), "CN", None),
        (date(2025, 1, 1), "CN-440305", None),
    ],
)
def test_for_somebody_on_dibao(pack: Path, on: date, region: str, wanted: int | None) -> None:
    assert amount(pack, on, region, dibao=True, tekun=False) == wanted


def test_the_regional_version_replaces_the_national_one_whole(pack: Path) -> None:
    assert amount(pack, date(2025, 1, 1), "CN-440305", dibao=False, tekun=True) == 400
    assert amount(pack, date(2025, 1, 1), "CN-4401", dibao=False, tekun=True) is None


def test_places_fall_together_where_the_rules_are_the_same(pack: Path) -> None:
    found = places(load([pack]), date(2024, 7, 1))
    assert [set(c.prefixes) for c in found.classes] == [{"CN", "CN-44"}, {"CN-4403"}]
    assert found.prefix_of("CN-440305") == "CN-4403" and found.prefix_of("CN-440106") == "CN-44" and found.prefix_of("CN-31") == "CN"
    assert found.prefix_of(None) == "CN"


def test_prefixes() -> None:
    assert list(prefixes_of("CN-440305")) == ["CN-440305", "CN-4403", "CN-44", "CN"]
    assert covers("CN-44", "CN-440305") and covers("CN", "CN") and not covers("CN-4401", "CN-44") and not covers("CN-44", "CN-45")


def test_a_missing_place_has_no_value() -> None:
    packs = shipped()
    assert value_of(packs, "local_min_wage_fen", "CN-99", date(2025, 8, 31)) is None
    beijing = value_of(packs, "local_min_wage_fen", "CN-110105", date(2025, 9, 1))
    assert beijing is not None and beijing.value == 254000
    before = value_of(packs, "local_min_wage_fen", "CN-11", date(2025, 8, 31))
    assert before is not None and before.value == 242000


def test_no_version_no_policy() -> None:
    hardship = shipped().policies["ui_hardship"]
    assert version_of(hardship, "CN", date(2022, 12, 31)) is not None
    assert version_of(hardship, "CN", date(2023, 1, 1)) is None


def test_what_cannot_be_loaded(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="E_PACK_UNKNOWN"):
        load([tmp_path / "nowhere"])
    (pack / "gift2.yaml").write_text(PACK.format(amount="400"), encoding="utf-8")
    with pytest.raises(BadInput, match="E_POLICY_TWICE"):
        load([pack])
    (pack / "gift2.yaml").unlink()
    (pack / "gift.yaml").write_text(PACK.format(amount="400.5"), encoding="utf-8")
    with pytest.raises(BadInput, match="E_FRACTION") as refused:
        load([pack])
    assert refused.value.places[0].file == "t/gift.yaml" and refused.value.places[0].row is not None


def test_a_circle_of_derived_facts_is_refused(pack: Path) -> None:
    (pack / "derived.yaml").write_text("derived:\n  - {fact: a1, type: int, is: b1 + 1}\n  - {fact: b1, type: int, is: a1 + 1}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="E_CYCLE") as refused:
        load([pack])
    assert refused.value.places[0].file == "t/derived.yaml"


def test_packs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(f"pack: {name}\nname: 试\nregion: CN\nextends: {other}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="E_CYCLE"):
        load([tmp_path / "a"])
