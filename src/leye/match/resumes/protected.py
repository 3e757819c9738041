"""Words about who somebody is (age, sex, marriage, children, ethnicity, registration, health), struck out before a text meets adverts."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"\d{1,2}\s*(?:周)?岁|(?:19|20)\d\d年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:出生|生(?=[，,。；; ]))|(?:出生|年龄|生日)[:：]?\s*[\d年月日./-]+"
    r"|(?<=[，,。；;、 :：|])[男女](?=[，,。；;、 |]|$)|性别[:：]?\s*[男女]|[男女](?:士|性|生)|先生|小姐"
    r"|已婚(?:已育|未育)?|未婚|离异|丧偶|婚姻状况[:：]?\s*\S{1,4}"
    r"|(?:有|没有|要照顾|照顾)?(?:孩子|小孩|宝宝)|怀孕|孕期|哺乳期|\S{1,4}族(?=[，,。；; ]|$)|民族[:：]?\s*\S{1,5}"
    r"|(?:本地|外地|农村|城镇|本市)?户(?:口|籍)(?:所在地)?(?:[:：]\S{1,8})?|籍贯[:：]?\s*\S{1,8}"
    r"|残疾(?:人|证)?|身体健康|健康状况[:：]?\s*\S{1,4}|党员|团员|政治面貌[:：]?\s*\S{1,4}",
    re.MULTILINE,
)  # fmt: skip


def without_protected(text: str) -> str:
    """The text with such words struck out by stars of the same length, so that places stay.

    >>> without_protected("本人45岁，女，会电工。")
    '本人***，*，会电工。'
    """
    return _WORDS.sub(lambda m: "*" * len(m.group()), text)
