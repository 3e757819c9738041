"""Every code of lint with its severity and one line in both languages; docs/reference/rule-language.md shows the same list."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """severity: error refuses the pack, warning does not."""

    severity: str
    zh: str
    en: str


def _error(zh: str, en: str) -> Code:
    return Code(ERROR, zh, en)


def _warning(zh: str, en: str) -> Code:
    return Code(WARNING, zh, en)


CODES: dict[str, Code] = {
    # the file
    "E_YAML": _error("文件读不了：不是 UTF-8、不是 YAML 或是空的", "the file cannot be read: not UTF-8, not YAML, or empty"),
    "E_KEY_TWICE": _error("同一处一个键写了两次", "a key stands twice in one place"),
    "E_KEY_UNKNOWN": _error("不认识的键", "a key that the language does not have"),
    "E_PACK_FORM": _error("缺少必写的内容，或写法不对", "something required is missing or in the wrong form"),
    "E_WORD_UNKNOWN": _error("不在规定的选项里", "not one of the words that may stand there"),
    "E_FRACTION": _error("金额或数有小数，应为整数（分）", "money or a number with a fraction; whole fen are wanted"),
    "E_FILE_NAME": _error("文件名和里面的编号不一致", "the file's name is not the id inside"),
    "E_FILE_UNKNOWN": _error("看不出文件里是什么", "a file whose top key says nothing"),
    "E_FACTS_TABLE": _error("事实表有错", "the fact table is wrong"),
    "E_POLICY_TWICE": _error("一个规则包里一项政策写了两个文件", "two files of one pack hold the same policy"),
    "E_OVERRIDE": _error("地方版本写了会改到全国的内容", "a regional version that would change what holds elsewhere"),
    "E_POLICY_UNKNOWN": _error("说的政策不在规则包里", "a policy that no pack has"),
    "E_REGION_OUTSIDE": _error("地区不在规则包的地区之内", "a region outside that of the pack"),
    # expressions
    "E_GRAMMAR": _error("表达式超出规则语言", "an expression outside the rule language"),
    "E_FACT_UNKNOWN": _error("没有这个事实、推算事实或参数", "no such fact, derived fact or parameter"),
    "E_TYPE": _error("两边的类型对不上", "types that do not go together"),
    "E_ENUM": _error("这个事实没有这个选项", "a value that the fact cannot have"),
    "E_DIVISOR": _error("除数不是正的固定数", "a divisor that is no positive constant"),
    "E_FACT_TYPE": _error("案例里的值类型不对", "a case's value of the wrong type"),
    "E_FACT_RANGE": _error("案例里的值不在允许范围", "a case's value outside what is allowed"),
    # sources, days, cases
    "E_NO_SOURCE": _error("没有写依据", "no source"),
    "E_NOTE_SOURCE": _error("说来源不同，却没有写来源", "a note without its source"),
    "E_NO_END": _error("既没有终止日期，也没有写为什么没有", "neither an end nor a reason for none"),
    "E_END_TWICE": _error("又写终止日期，又写没有终止的原因", "both an end and a reason for none"),
    "E_DATES_ORDER": _error("终止日期早于起始日期", "the end lies before the start"),
    "E_OVERLAP": _error("同一地区同一天有两个版本", "two versions of one region on the same day"),
    "E_VALUE_OVERLAP": _error("同一地区同一天有两个参数值", "two values of one parameter for one place on the same day"),
    "E_NO_CASES": _error("没有案例", "no cases"),
    "E_FEW_CASES": _error("案例不足三个", "fewer than three cases"),
    "E_CASES_ONE_SIDED": _error("案例里缺少符合、不符合或待核实", "no case for 符合, 不符合 or 待核实"),
    "E_UNVERIFIED_DISCRETIONARY": _error("待核实的政策不能参加资金优化", "an unverified policy may not be optimised"),
    # clauses
    "E_NO_SAY": _error("条件没有写法条的话", "a condition without its sentence"),
    "E_NEVER": _error("条件永远不成立", "a condition that can never hold"),
    "E_CONTRADICTION": _error("几个条件不能同时成立", "conditions that cannot hold together"),
    "E_UNREACHABLE": _error("这一支在其他条件下到不了", "a branch that the other conditions rule out"),
    "W_ALWAYS": _warning("条件永远成立，没有作用", "a condition that always holds"),
    "W_COVERED": _warning("这一支已包含在别的分支里", "a branch that adds nobody"),
    # amounts
    "E_UNIT_AMOUNT": _error("这种单位不能有金额", "a unit that takes no amount"),
    "E_NO_AMOUNT": _error("应有金额或说明为什么没有", "an amount is wanted, or the reason for none"),
    "E_TWO_AMOUNTS": _error("金额写了两种", "two amounts at once"),
    "E_AMOUNT_GAP": _error("符合的人里有人没有金额", "an amount that is undefined for somebody entitled"),
    "E_AMOUNT_OVERLAP": _error("符合的人里有人套上两行金额", "two rows of the amount table apply to one person"),
    "E_AMOUNT_NEGATIVE": _error("符合的人里有人金额为负", "a negative amount for somebody entitled"),
    "E_MONTHS_NEGATIVE": _error("符合的人里有人月数为负", "negative months for somebody entitled"),
    # parameters
    "E_PARAM_RANGE": _error("参数值超出自己的上下限", "a value outside the parameter's own bounds"),
    "E_PARAM_FACT_RANGE": _error("参数值超出事实表的允许范围", "a value outside what the fact table allows"),
    "E_CAP_NATIONAL": _error("超过国家规定的上限", "above the national cap"),
    "E_PARAM_MISSING": _error("有的日子没有参数值", "no value of a parameter on some day"),
    "W_PARAM_UNUSED": _warning("参数没有用到", "a parameter that nothing reads"),
    # derived facts, groups
    "E_DERIVED_TWICE": _error("一个推算事实在一个地方有两种算法", "two definitions of a derived fact for one place"),
    "E_DERIVED_BASE": _error("推算事实没有全国算法，或和事实重名", "a derived fact without national form, or named like a fact"),
    "E_CYCLE": _error("循环引用", "things that refer to each other in a circle"),
    "E_EXCLUSION_RULE": _error("同一互斥组的规则不一致", "members of one exclusion group disagree on its rule"),
    "E_ORDER_STRANGER": _error("顺序里有不在组里的政策，或漏了成员", "an order that names strangers or leaves members out"),
    "W_GROUP_ALONE": _warning("互斥组里只有一项政策", "an exclusion group with one member"),
    "E_DEADLINE_FACT": _error("申请期限要从一个日期事实算起", "a deadline that counts from no date fact"),
}
