"""Notices: every policy of the packs in every channel and both languages keeps the promises; refusals; sums that a reform left behind."""

from dataclasses import replace
from datetime import date

import pytest

from leye.kernel.errors import CheckFailed, LeyeError, NotFound
from leye.policy import bind, shipped
from leye.policy.expression import Arithmetic, Const, FactRef, FirstKnown, FloorDiv, Iff, Least
from leye.policy.promote.amounts import fixed_amounts, is_stale, plain_yuan
from leye.policy.promote.channels import read_channels, shipped_channels
from leye.policy.promote.elements import title_of
from leye.policy.promote.notice import write_notice
from leye.policy.promote.reading import NAME_SLOT, personal_data_in, reading_of

ON = date(2025, 8, 31)
CHANNELS = shipped_channels()
POLICIES = sorted(shipped().policies)


def notice(policy, channel, *, on=ON, region=None, language="zh"):
    return write_notice(shipped(), policy, on=on, channels=CHANNELS, channel=channel, region=region, language=language)


def all_of(policy, language, region="CN-4401"):
    """Every notice of a policy that can be written, by channel; refusals by code."""
    made, refused = {}, {}
    for name in CHANNELS.channels:
        try:
            made[name] = notice(policy, name, region=region, language=language)
        except LeyeError as error:
            refused[name] = error.code
    return made, refused


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_notice_keeps_its_limits_and_promises_nothing(policy, language):
    made, refused = all_of(policy, language)
    known = shipped().policies[policy]
    if known.status != "verified":
        assert set(refused.values()) == {"E_UNVERIFIED"}
        return
    if "E_NOT_IN_FORCE" in refused.values():
        assert not made
        return
    assert set(refused) <= ({"poster"} if language == "en" else set()), refused
    for name, found in made.items():
        channel = CHANNELS.channels[name]
        size = channel.latin if language == "en" else channel.size
        flat = found.text.replace("\n", " " if language == "en" else "")
        assert ("可能可以" if language == "zh" else "may be able to") in flat, flat
        assert "12333" in flat
        assert not personal_data_in(found.text)
        assert found.text.count("{") == found.text.count(NAME_SLOT) <= 1
        if size.line:
            assert len(found.parts) <= size.lines
            assert max(map(len, found.parts)) <= size.line
        else:
            assert len(found.parts) <= size.parts
            assert all(len(p) <= (size.part if len(found.parts) == 1 else size.joined_part) for p in found.parts)
        assert set(found.dropped) <= set(channel.may_drop)


def plain(text):
    for law, said in CHANNELS.plain.items():
        text = text.replace(law, said)
    return text


@pytest.mark.parametrize("policy", POLICIES)
def test_a_board_says_everything_in_full(policy):
    made, _ = all_of(policy, "zh")
    if "bulletin" not in made:
        pytest.skip("not in force, or unverified")
    found, known = made["bulletin"], shipped().policies[policy]
    assert found.dropped == ()
    assert all(plain(doc) in found.text for doc in known.apply.documents_zh)
    assert all(basis in found.text for basis in found.basis)
    assert found.basis
    assert all(plain(point).rstrip("。；. ") in found.text for point in found.unsure)


def test_a_text_message_reads_as_worked_by_hand():
    assert notice("min_wage", "sms", region="CN-4401").parts[0].startswith("{姓名}您好，您可能可以")
    found = notice("skill_up", "sms")
    assert found.parts[0].startswith("{姓名}您好，您可能可以领技能提升补贴。")
    assert "1000元、1500元或2000元" in found.text.replace("\n", "")
    assert "从证书核发日期起12个月内申请，这项政策到2025年12月31日为止。" in found.text.replace("\n", "")
    assert "人社部发" not in found.text  # no document numbers in a message


def test_conditions_are_one_a_line_on_a_board():
    lines = notice("ss_flex_hard", "bulletin").text.split("\n")
    at = lines.index("要同时满足：")
    assert lines[at + 1] == "1. 正在灵活就业"
    assert [line.split(".")[0] for line in lines[at + 1 : at + 7]] == list("123456")
    assert lines[1] == "您可能可以领社保补贴（灵活就业就业困难人员）。"


def test_what_is_not_confirmed_is_said():
    found = notice("ss_flex_hard", "wechat")
    assert "起止日期还没有核实" in found.text
    assert any("财社〔2023〕181号" in u for u in found.unsure)


def test_amount_of_a_place_is_named_only_where_it_was_seen():
    told = notice("ui_benefit", "bulletin", region="CN-4403").text
    assert "金额" in told
    assert "元" not in notice("ui_benefit", "bulletin").text.split("要同时满足")[0]  # no national sum


REFUSED = [
    ("hire_once", ON, "E_UNVERIFIED"),
    ("expand_post", date(2024, 5, 1), "E_NOT_IN_FORCE"),
    ("skill_up", date(2026, 1, 1), "E_NOT_IN_FORCE"),
]


@pytest.mark.parametrize(("policy", "on", "code"), REFUSED, ids=[f"{r[0]} {r[2]}" for r in REFUSED])
def test_refusals_say_what_to_do(policy, on, code):
    with pytest.raises(CheckFailed) as refused:
        notice(policy, "sms", on=on)
    assert refused.value.code == code
    assert refused.value.remedy_zh != refused.value.remedy_en


def test_unknown_policy_and_channel():
    with pytest.raises(NotFound, match="E_POLICY"):
        notice("nothing", "sms")
    with pytest.raises(NotFound, match="E_CHANNEL") as refused:
        notice("skill_up", "fax")
    assert "短信" in refused.value.remedy_zh


def with_level5(fen: int):
    """The packs with another sum for level five, as a reform would have it."""
    packs = shipped()
    policy = packs.policies["skill_up"]
    versions = []
    for v in policy.versions:
        p = v.parameters["level5_fen"]
        changed = replace(p, values=tuple(replace(x, value=fen) for x in p.values))
        versions.append(replace(v, parameters={**v.parameters, "level5_fen": changed}))
    policies = {**packs.policies, "skill_up": replace(policy, versions=tuple(versions))}
    return replace(packs, policies=policies)


def test_a_sum_that_the_rule_no_longer_has_is_not_told():
    reform = with_level5(80_000)
    found = write_notice(reform, "skill_up", on=ON, channels=CHANNELS, channel="bulletin")
    assert "800元、1500元或2000元" in found.text
    assert "1000元" not in found.text
    assert any("修订" in u for u in found.unsure)
    bound = next(p for p in bind(reform, ON).policies if p.policy.id == "skill_up")
    assert is_stale(bound.policy.benefit_zh, bound, ON)
    kept = next(p for p in bind(shipped(), ON).policies if p.policy.id == "skill_up")
    assert not is_stale(kept.policy.benefit_zh, kept, ON)


def test_a_sentence_that_cannot_fit_is_refused_not_cut():
    packs = shipped()
    long = replace(packs.policies["skill_up"], benefit_zh="很长的一句话没有逗号" * 40, benefit_en="")
    with pytest.raises(CheckFailed, match="E_NOTICE_LENGTH"):
        write_notice(replace(packs, policies={**packs.policies, "skill_up": long}), "skill_up", on=ON, channels=CHANNELS, channel="sms")


def number(n):
    return Const(n, "int")


TREES = [
    ("a constant", number(5), (5,)),
    ("a person's fact", FactRef("x", "int"), None),
    ("the place's value behind a fact", FirstKnown(FactRef("x", "int"), number(7)), (7,)),
    ("a choice", Iff(Const(True, "bool"), number(3), Iff(Const(True, "bool"), number(1), number(2), "int"), "int"), (1, 2, 3)),
    ("a choice with an open end", Iff(Const(True, "bool"), number(3), Const(None, "int"), "int"), (3,)),
    ("a cap", Least((FactRef("x", "int"), number(9))), (9,)),
    ("nine tenths of the place's value", FloorDiv(Arithmetic("*", FirstKnown(FactRef("x", "int"), number(1_001)), number(90)), number(100)), (900,)),
    ("a share of a person's fact", FloorDiv(Arithmetic("*", FactRef("x", "int"), number(2)), number(3)), None),
]


@pytest.mark.parametrize(("tree", "amounts"), [t[1:] for t in TREES], ids=[t[0] for t in TREES])
def test_amounts_that_stand_in_a_rule(tree, amounts):
    assert fixed_amounts(tree) == amounts


def test_small_words():
    assert title_of("失业保险金") == "失业保险金"
    assert plain_yuan(1_234_500_00) == "1234500元"
    assert reading_of("短句。" + "这是一个没有逗号而且特别特别特别特别特别特别长的句子。").is_plain is False
    assert reading_of("This is short. So is this.", "en").mean == 3.0


PERSONAL = ["身份证440106199003071234", "打13800138000", "人员P00012345", "44010619900307123X号"]


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_data_is_seen(text):
    assert personal_data_in(text)


@pytest.mark.parametrize("text", ["请打12333", "人社部发〔2024〕40号", "最多300000元", "{姓名}您好", "2025年12月31日"])
def test_what_is_not_personal_is_left_alone(text):
    assert not personal_data_in(text)


def test_a_file_of_channels_is_checked(tmp_path):
    good = "channels:\n  a: {name: {zh: 甲}, part: 50, sentences: [maybe, ask]}\ngroups: []\nask: {zh: 问}\n"
    file = tmp_path / "c.yaml"
    file.write_text(good, encoding="utf-8")
    assert read_channels(file).channel("a").size.part == 50
    for bad in (
        good.replace("maybe, ask", "ask"),
        good.replace("part: 50", "part: 50, line: 3"),
        good.replace("maybe,", "maybe, shout,"),
        "channels: 3\n",
    ):
        file.write_text(bad, encoding="utf-8")
        with pytest.raises(LeyeError, match="E_CHANNELS"):
            read_channels(file)
    file.write_text(good.replace("groups: []", "groups: [{id: g, name: {zh: 组}, channels: [b], assume: {zh: 设}}]"), encoding="utf-8")
    with pytest.raises(LeyeError, match="组"):
        read_channels(file)


def test_every_audience_has_channels_and_a_stated_assumption():
    assert {a.id for a in CHANNELS.audiences} >= {"age_16_34", "age_35_49", "age_50_up", "flexible", "firm"}
    assert all(a.channels and a.assume.zh and a.assume.en for a in CHANNELS.audiences)
