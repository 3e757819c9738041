"""Text of expressions into trees: what is allowed, what is refused, and where."""

from datetime import date

import pytest

from leye.kernel.errors import BadInput
from leye.policy import shipped
from leye.policy.expression import And, Compare, Const, FactRef, FloorDiv, MonthsBetween, Not, On, Within, facts_of
from leye.policy.grammar import Scope, parse
from leye.policy.located import Text

SCOPE = Scope(shipped().facts, {"age": "int", "involuntary": "bool"}, {"年龄": "age"}, frozenset({"share_num"}))


@pytest.mark.parametrize(
    ("text", "kind", "facts"),
    [
        ("dibao", "bool", {"dibao"}),
        ("低保对象", "bool", {"dibao"}),
        ("not dibao and age >= 16", "bool", {"dibao"}),
        ("年龄 >= 16", "bool", set()),
        ("0 <= ui_claimed_months < 12", "bool", {"ui_claimed_months"}),
        ("employment_status == '灵活就业'", "bool", {"employment_status"}),
        ("employment_status in ('employed', '失业')", "bool", {"employment_status"}),
        ("employment_status not in ('employed',)", "bool", {"employment_status"}),
        ("graduated_on >= '2023-07-01'", "bool", {"graduated_on"}),
        ("months_since(graduated_on) < 24", "bool", {"graduated_on"}),
        ("floordiv(ss_paid_month_fen * share_num, 3)", "int", {"ss_paid_month_fen"}),
        ("iff(dibao, 1, -2)", "int", {"dibao"}),
        ("least(monthly_wage_fen, local_min_wage_fen, 3)", "int", {"monthly_wage_fen", "local_min_wage_fen"}),
        ("first_known(local_tax_cap_self_fen, 2000000)", "int", {"local_tax_cap_self_fen"}),
        ("year(on) * 12 + mi(birth)", "int", {"birth"}),
    ],
)
def test_what_may_be_written(text: str, kind: str, facts: set[str]) -> None:
    node = parse(text, SCOPE)
    assert node.type == kind  # type: ignore[attr-defined]
    assert facts_of(node) == facts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nobody_knows > 1", "E_FACT_UNKNOWN"),
        ("__import__('os').system('true')", "E_GRAMMAR"),
        ("birth.year > 1990", "E_GRAMMAR"),
        ("[dibao][0]", "E_GRAMMAR"),
        ("(lambda: 1)()", "E_GRAMMAR"),
        ("print(1)", "E_GRAMMAR"),
        ("monthly_wage_fen * 0.6", "E_FRACTION"),
        ("monthly_wage_fen / 2", "E_GRAMMAR"),
        ("monthly_wage_fen ** 2", "E_GRAMMAR"),
        ("ui_claimed_months is None", "E_GRAMMAR"),
        ("dibao if tekun else veteran", "E_GRAMMAR"),
        ("ui_claimed_months in dibao", "E_GRAMMAR"),
        ("least(1)", "E_TYPE"),
        ("iff(dibao, 1)", "E_TYPE"),
        ("iff(dibao, 1, tekun)", "E_TYPE"),
        ("dibao + 1", "E_TYPE"),
        ("dibao > tekun", "E_TYPE"),
        ("employment_status > 'employed'", "E_TYPE"),
        ("birth > 19900101", "E_TYPE"),
        ("birth > '1990-02-30'", "E_TYPE"),
        ("employment_status == 'sleeping'", "E_ENUM"),
        ("ui_claimed_months and dibao", "E_TYPE"),
        ("dibao and", "E_GRAMMAR"),
        ("", "E_GRAMMAR"),
        ("f" * 5 + "(" * 300 + ")" * 300, "E_GRAMMAR"),
    ],
)
def test_what_is_refused_with_its_line(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(Text(text, "p.yaml", 7), SCOPE)
    assert refused.value.code == code
    assert (refused.value.places[0].file, refused.value.places[0].row) == ("p.yaml", 7)
    assert refused.value.remedy_zh and refused.value.remedy_en


def test_words_become_nodes() -> None:
    assert parse("months_since(birth) >= 3", SCOPE) == Compare(">=", MonthsBetween(FactRef("birth", "date"), On()), Const(3, "int"))
    assert parse("years_between(birth, hire_on)", SCOPE) == FloorDiv(
        MonthsBetween(FactRef("birth", "date"), FactRef("hire_on", "date")), Const(12, "int")
    )
    assert parse("sex not in ('M',)", SCOPE) == Not(Within(FactRef("sex", "enum"), (Const("M", "enum"),)))
    assert parse("'2020-01-01' < birth", SCOPE) == Compare("<", Const(date(2020, 1, 1), "date"), FactRef("birth", "date"))
    assert isinstance(parse("1 < ui_claimed_months < 3", SCOPE), And)


def test_the_wanted_type_is_held() -> None:
    with pytest.raises(BadInput, match="E_TYPE"):
        parse("ui_claimed_months", SCOPE, wants="bool")
