"""`leye match parse-jobs` as other programs use it: lines in, lines out, bad lines named, hostile ads survived."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from leye.cli.match import app


def run(tmp_path: Path, lines: list[str], *options: str):
    ads, out = tmp_path / "ads.jsonl", tmp_path / "deep" / "slots.jsonl"
    ads.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return CliRunner().invoke(app, ["parse-jobs", str(ads), "--out", str(out), *options]), out


def ad(ad_id: str, text: str) -> str:
    return json.dumps({"id": ad_id, "text": text}, ensure_ascii=False)


def test_lines_in_lines_out_with_spans_on_the_original(tmp_path) -> None:
    text = "<p>招電工２名，本科以上，8-12K·13薪</p>"
    result, out = run(tmp_path, [ad("a", text), "", ad("b", "")])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in rows] == ["a", "b"]
    assert rows[1]["slots"] == []
    pay = next(s for s in rows[0]["slots"] if s["slot"] == "pay")
    assert pay["value"] == {"min_fen": 800_000, "max_fen": 1_200_000, "period": "month", "months": 13}
    assert text[pay["start"] : pay["end"]] == "8-12K·13薪"
    assert {"slot", "value", "strength", "start", "end", "source"} <= set(pay)


def test_bad_lines_are_all_named_and_nothing_is_written(tmp_path) -> None:
    result, out = run(tmp_path, [ad("a", "本科"), "{", '{"text": "x"}', '{"id": "d", "text": 5}'])
    assert result.exit_code != 0
    told = str(result.exception)
    assert "E_ADVERT_LINES" in told
    assert all(f"第 {row} 行" in told for row in (2, 3, 4))
    assert "不是 JSON" in told and "缺 id" in told and "text 不是文字" in told
    assert not out.exists()


def test_ten_thousand_copies_two_megabytes_and_scripts(tmp_path) -> None:
    lines = [ad(str(k), "招普工50名，月薪6000-7500元，两班倒") for k in range(10_000)]
    lines += [
        ad("huge", "月薪5000元，" + "很好" * 1_000_000),
        ad("script", "<script>alert('本科')</script>大专以上"),
        ad("nine", "月薪999999元"),
        ad("two", "广州、深圳"),
    ]
    result, out = run(tmp_path, lines, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["adverts"] == 10_004
    assert set(told["notices"]) == {"同一内容反复出现", "超过 20,000 字，只读了前面", "含脚本，已略去", "金额不可信，没有采用", "写了几个城市"}
    rows = {json.loads(line)["id"]: json.loads(line)["slots"] for line in out.read_text(encoding="utf-8").splitlines()}
    assert [s["value"] for s in rows["script"]] == ["junior_college"]
    assert rows["0"] == rows["9999"]


def test_a_repeating_hostile_text_is_read_in_linear_time_or_so(tmp_path) -> None:
    hostile = [
        "1" * 20_000,
        "、会" * 8_000,
        "三年" * 8_000,
        "<" * 20_000,
        "&amp" * 5_000,
        "证" * 20_000,
        "专业" * 8_000,
        "18-" * 6_000,
        "(" * 20_000,
        "优先" * 8_000,
    ]
    result, _out = run(tmp_path, [ad(str(k), t) for k, t in enumerate(hostile)])
    assert result.exit_code == 0, result.output
