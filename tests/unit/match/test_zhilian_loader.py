"""The three-table files of a talent platform: codes, the line with a tab inside a field, and that no line is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.match.loaders import zhilian_cells as form
from leye.match.loaders.zhilian import ACTION, JD, USER, load_zhilian
from leye.match.ranking import rank, read_jobs, read_people

USERS = [
    [
        "u1",
        "530",
        "530,763,-",
        "房地产/建筑/建材/工程",
        "土木工程师",
        "0400106000",
        "-",
        "施工员",
        "0400106000",
        "大专",
        "36",
        "2012",
        "施工|会计|安全",
    ],
    ["u2", "763", "763,-,-", "-", "-", "0000000000", "-", "-", "-", "其他", "0", "201109", "-"],
    ["u3", "763", "763", "-", "-", "90000", "-", "-", "-", "大学", "23", "-", "-"],
]
JDS = [
    ["j1", "会计", "某公司", "530", "会计", "2", "8000", "5000", "20190601", "20190901", "0", "103", "会计|财务", "大专", "\\N", "0", "0",
     "负责记账，联系王女士13800001234"],
    ["j2", "保安", "某公司", "763", "保安", "0", "0", "-1", "\\N", "\\N", "2", "-1", "\\N", "不限", "\\N", "0", "0", "夜班"],
]  # fmt: skip
ACTIONS = [
    ["u1", "j1", "1", "1", "1"], ["u1", "j1", "1", "0", "0"], ["u2", "j2", "1", "0", "0"], ["u9", "j1", "1", "0", "0"],
    ["u1", "j1", "1", "x", "0"], ["u3", "j1", "1", "0", "1"],
]  # fmt: skip
BROKEN = "\t".join([*JDS[0][:-1], "负责\t记账"]).replace("j1", "j3")


def write(folder: Path, *, users: list[list[str]] = USERS, header: tuple[str, ...] = USER, ending: str = "") -> Path:
    for name, columns, rows in (("table1_user", header, users), ("table2_jd", JD, JDS), ("table3_action", ACTION, ACTIONS)):
        lines = ["\t".join(columns), *("\t".join(r) for r in rows), *([BROKEN] if name == "table2_jd" else [])]
        (folder / f"{name}{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_every_line_is_loaded_or_kept_with_its_number(tmp_path: Path) -> None:
    made = load_zhilian(write(tmp_path))
    for table in made.report["tables"].values():
        assert table["lines"] == table["loaded"] + table["quarantined"]
    assert [(t["lines"], t["loaded"]) for t in made.report["tables"].values()] == [(3, 3), (3, 2), (6, 2)]
    assert (made.people.height, made.jobs.height, made.events.height) == (3, 2, 2)
    broken = next(k for k in made.kept if k.why == "FIELDS")
    assert (broken.file, broken.line, broken.text) == ("table2_jd", 4, BROKEN)
    assert made.report["tables"]["table3_action"]["why"] == {"NO_ANSWER": 1, "NO_DAY": 1, "PERSON_UNKNOWN": 1, "SATISFIED_UNASKED": 1}


def test_people_and_posts_stand_in_the_columns_of_the_ranking(tmp_path: Path) -> None:
    made = load_zhilian(write(tmp_path, ending=".csv"))
    one, two, three = made.people.iter_rows(named=True)
    assert (one["cities"], one["pay_min_fen"], one["pay_max_fen"], one["pay_period"]) == (["zhilian:530", "zhilian:763"], 400_000, 600_000, "month")
    assert (one["education"], one["total_years"], one["skills"], one["desired_types"]) == ("junior_college", 7.0, ["会计"], ["土木工程师"])
    assert (two["pay_min_fen"], two["education"], two["total_years"], two["skills"]) == (None, None, 8.0, None)
    assert three["education"] is None and made.report["odd_cells"] == {
        "table1_user.birthday": 1, "table1_user.cur_degree_id": 1, "table1_user.desire_jd_salary_id": 1, "table3_action.delivered": 1,
    }  # fmt: skip
    post, other = made.jobs.iter_rows(named=True)
    assert "13800001234" not in post["text"] and post["headcount"] == 2 and post["total_years_min"] == 1.0
    assert (post["posted_on"], post["closes_on"], other["posted_on"], other["pay_max_fen"]) == (date(2019, 6, 1), date(2019, 9, 1), None, None)
    assert other["education_min"] == "none" and other["headcount"] is None
    assert not set(made.people.columns) & {"birthday", "age", "age_band"} and made.groups["age_band"].to_list() == ["35_44", None, "under_35"]
    found = rank(read_people(made.people), read_jobs(made.jobs), on=date(2019, 7, 1))
    assert set(found.filter(found["person_id"] == "u1")["job_id"]) == {"j1", "j2"}


def test_columns_are_named_when_unknown_or_missing(tmp_path: Path) -> None:
    made = load_zhilian(write(tmp_path, header=(*USER[:-1], "新列")))
    table = made.report["tables"]["table1_user"]
    assert (table["unknown_columns"], table["missing_columns"]) == (["新列"], ["experience"])


def test_a_second_line_of_a_person_is_kept_apart(tmp_path: Path) -> None:
    made = load_zhilian(write(tmp_path, users=[*USERS, USERS[0], ["", *USERS[0][1:]]]))
    assert [(k.line, k.why) for k in made.kept if k.file == "table1_user"] == [(5, "KEY_TWICE"), (6, "KEY_EMPTY")]


def test_refusals_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="E_ZHILIAN_FILE"):
        load_zhilian(tmp_path)
    write(tmp_path, header=("id", *USER[1:]))
    with pytest.raises(BadInput, match="E_ZHILIAN_KEY"):
        load_zhilian(tmp_path)
    (tmp_path / "table1_user").write_bytes("用户".encode("gb18030"))
    with pytest.raises(BadInput, match="E_FILE_UNREADABLE"):
        load_zhilian(tmp_path)
    (tmp_path / "table1_user").write_bytes(b"")
    with pytest.raises(BadInput, match="E_FILE_UNREADABLE"):
        load_zhilian(tmp_path)


BANDS = [
    ("0000000000", (None, None), "open to offers"), ("0000001000", (None, 1_000), "up to a sum"), ("0100002000", (1_000, 2_000), "from an even sum"),
    ("0400106000", (4_000, 6_000), "from one above the band below"), ("5000199999", (50_000, None), "no upper end"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "band", "why"), BANDS, ids=[b[-1] for b in BANDS])
def test_bands_of_pay(text: str, band: tuple[int | None, int | None], why: str) -> None:
    assert form.band_yuan(text) == band
