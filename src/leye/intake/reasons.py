"""The code catalogue in words: what is wrong with a cell, and what to do. Codes are fixed; add, never rename."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One Chinese sentence each, for the quarantine desk."""

    reason: str
    remedy: str


_WORDS: dict[str, tuple[str, str]] = {
    "E_ENC": ("文字编码读不出", "另存为“CSV UTF-8”，或在说明里写上实际编码"),
    "E_HEADER": ("行列对不上表头", "核对这一行：多半是数字里的逗号没有加引号，或多了一列"),
    "E_COLUMN_MISSING": ("缺少约定的列", "补上这一列，或在说明的 from 里写上现用的列名"),
    "E_REQUIRED": ("必填项是空的", "补上数值后重报"),
    "E_RANGE": ("数值超出合理范围", "核对数值和单位"),
    "E_DUP_KEY": ("同一文件里同一主键有不同内容", "只留正确的一行"),
    "E_CODE_UNKNOWN": ("名称或代码不在标准表里", "改成标准名称，或请管理员加一条别名"),
    "E_EXCEL_ERROR": ("公式没有算出结果", "在 Excel 里修好公式，或填上数值"),
    "E_CURRENCY": ("不是人民币", "换算成人民币元"),
    "E_UNIT_CONFLICT": ("单元格自带的单位与该列单位不一致", "按该列单位改写，去掉单元格里的单位"),
    "E_SUM_MISMATCH": ("合计与各分项之和不符", "核对合计行和各分项"),
    "E_NUMBER_SYNTAX": ("读不成数字", "改成一个数字"),
    "E_NUMBER_TEXT": ("数字旁边有认不得的文字", "只留数字，说明移到备注"),
    "E_NUMBER_RANGE": ("写的是一个区间，不是一个数", "填一个数"),
    "E_NUMBER_APPROX": ("只有大概的说法", "填一个确切的数"),
    "E_NUMBER_SIGN": ("正负号有歧义", "写明增加还是减少，只用一个符号"),
    "E_NUMBER_DIRECTION": ("增减方向说不清", "直接写变化的数值，减少用负号"),
    "E_NUMBER_GROUPING": ("千位分隔不规则", "去掉分隔符重写"),
    "E_NUMBER_MANY": ("一个单元格里有几个数", "分开填写"),
    "E_SALARY_PERIOD": ("看不出是月薪、日薪还是年薪", "写明 元/月、元/天 或 元/年"),
    "E_SALARY_UNIT": ("看不出单位是元、千元还是万元", "写明单位"),
    "E_SALARY_MANY": ("写了几种不同的待遇", "分开填写，或只留一种"),
    "E_PERIOD_KIND": ("这种期间不能用在这里", "改成 2024年3月 这样的写法"),
    "E_PERIOD_OPEN": ("期间没有终点", "写明起止月份"),
    "E_PERIOD_INVALID": ("没有这个日期", "核对年月日"),
    "E_PERIOD_AMBIGUOUS": ("日期有两种读法", "改成 2024-03-05 这样的写法"),
    "E_PERIOD_NO_REFERENCE": ("“上月”“今年”之类没有参照", "写明年份月份，或在说明里设 reference"),
    "E_REGION_AMBIGUOUS": ("有几个同名的地方", "写上所属的省或市，或用六位代码"),
    "E_REGION_CONFLICT": ("上下级地名对不上", "核对省、市、区县"),
    "E_REGION_SPLIT": ("这个区划已拆分成几个", "写明现在的区县"),
    "E_INDUSTRY_AMBIGUOUS": ("比行业分类还宽，定不到一个行业", "改用国民经济行业分类的门类或大类"),
    "E_ID_LENGTH": ("身份证号位数不对", "核对证件，应为 18 位"),
    "E_ID_CHECKSUM": ("身份证号校验码不对", "核对证件，多半是抄错一位"),
    "E_ID_DATE": ("身份证号里的生日不存在", "核对证件第 7 到 14 位"),
    "E_ID_REGION": ("身份证号里的地区码不存在", "核对证件前 6 位"),
    "E_ID_MASKED": ("身份证号被遮盖", "请提供完整号码"),
    "E_ID_EXCEL": ("号码被 Excel 变成了科学计数，后几位已丢失", "把该列设成文本格式后重新导出"),
    "E_ORG_LENGTH": ("组织机构代码位数不对", "统一社会信用代码应为 18 位"),
    "E_ORG_CHARSET": ("代码里有不允许的字符", "不会出现 I、O、Z、S、V，核对抄写"),
    "E_ORG_CHECKSUM": ("代码校验位不对", "核对抄写"),
    "W_APPROX": ("是约数，按写出的数装入", "有确切数时请更正"),
    "W_BOUND": ("写的是界限（如“超过”“不足”），按写出的数装入", "有确切数时请更正"),
    "W_FOOTNOTE": ("带脚注号，已去掉", "无需处理"),
    "W_ASSUMED_PERIOD": ("没有写明期间，按约定读取", "请核对"),
    "W_EXCEL_SERIAL": ("是 Excel 的日期序号，已换成日期", "请核对"),
    "W_REGION_SUCCESSOR": ("是旧区划，已换成现在的区划", "请核对"),
    "W_REGION_ZONE": ("是开发区一类，不是行政区划，已归到所在市", "请核对"),
    "W_ID_15": ("是 15 位旧身份证号", "请换成 18 位号码"),
    "W_ROUNDING": ("换算后不是整数，已四舍五入", "请核对单位和小数位"),
}


def explain(code: str) -> Words:
    """The words for a code; an unknown one is explained by itself, so that no line is ever without a text."""
    reason, remedy = _WORDS.get(code, (code, "请人工核对"))
    return Words(reason, remedy)
