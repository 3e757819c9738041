"""Who somebody is, said in free text in many ways, beside posts that say the same words: it changes no score. Words of trades stay."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.match.ranking import rank
from leye.match.ranking.words import GAP, searchable

SEX = "女生一枚 小伙子 小哥哥 小姐姐 宝妈 奶爸 姑娘 大姐 female Male Mr. Ms. 性別：女"
AGE = "生于1990年3月 1990-03-12出生 1990.03出生 四十出头 年方二八 芳龄25 出生日期1990/03/12 八零后 90后 35周歲"
HOME = "河南人 東北人 城镇居民 农业户 外来务工 北京户口 回族"
FAMILY = "名叫李娜 我叫张伟 两个孩子 有小孩 有娃 怀孕3个月 二胎 单亲"
SAID = [*f"{SEX} {AGE} {HOME} {FAMILY}".split(), "age 35", "35 years old"]


@pytest.mark.parametrize("said", SAID)
def test_a_statement_about_who_somebody_is_changes_no_score(said: str) -> None:
    people = pl.DataFrame({"person_id": ["a", "b"], "text": [f"做过仓库，{said}，会开叉车", "做过仓库，，会开叉车"]})
    jobs = pl.DataFrame({"job_id": ["j"], "title": [f"{said}客服"], "text": [f"招{said}，要求{said}会沟通"]})
    made = rank(people, jobs, on=date(2026, 11, 1))
    assert made["p_person"].n_unique() == 1 and made["p_employer"].n_unique() == 1


KEPT = ["月嫂", "带孩子", "负责人", "上海人事", "浙江人才", "emails", "2026-03生产计划", "生产管理", "老人护理", "保洁阿姨", "MS Office"]


@pytest.mark.parametrize("word", KEPT)
def test_words_of_trades_stay(word: str) -> None:
    assert GAP not in searchable(word)
