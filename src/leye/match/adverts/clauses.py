"""How binding a reading is: by its clause, by what stands to its left and right, and by the heading above it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from leye.match.slots import Strength

_REACH = 160  # chosen by us: code points of a clause looked at on either side; longer ones are lists without marks
_ENDS = re.compile(r"[，。；;,!！?？\n()\[\]【】|]|\s(?!者?优先)")
_SOFT_AFTER = re.compile(
    r"优先|[更尤为]佳|者佳|更好|最好|最佳|加分|亦可|也可|也行|也欢迎|均可|都可以?|皆可|可放宽|可适当放宽|适当放宽|非必[须需]|不是必[须需]|(?<!少)可不?考虑|可?入职后(?:再|可)?[考办取]"
)
_ANY_OF = re.compile(r"均可|都可以?|皆可")
_BREAKS_SOFT = re.compile(r"以上|必须|须|要求|需要|具备|[、/](?:有(?![色机])|具有|能(?![源动])|会(?![计展])|懂|持|熟|精通)|但")
_NEGATED_AFTER = re.compile(
    r"(?:证书?|能力|经验|经历|学历|专业|方面|等|也|都|均|暂|并|可){0,3}(?:不作|不做|不|无|没有?|无须|无需)(?:硬性|强制|特殊|特别|任何|做|作)?(?:要求|限制|强求|限|需要|作要求)"
)
_NEGATED_BEFORE = re.compile(
    r"(?:不要求|不招|不接受|谢绝|不交|不缴|不提供|不需要?|无需|无须|毋须|不用|不必|不强制|不强求|不一定要?|没有?要求|不看重?|不限于?|不限制)(?:任何|必须|具备|具有|持有?|有|会|懂|掌握|提供|考|办理?)?[^但需须]{0,8}$"
)
_SOFT_BEFORE = re.compile(
    r"(?:^|[^者])(?:优先(?:考虑|录用|录取|选择|聘用)?|最好|如有|若有|如能|若能|如持|若持|放宽[至到]|希望|期望|倾向)(?:是|有|具有|具备|会|懂|能|持有?|:|为)*[^以必须]{0,12}$"
)
_HARD_BEFORE = re.compile(r"(?:必须|务必|须|硬性要求)[^，]{0,8}$")
_SOFT_HEADING = re.compile(r"(?:^|\n|。)[^\n，。:]{0,6}(?:加分项|加分|优先条件|优先项|优先考虑)[^\n，。:]{0,4}(?::|\n)")
_HEADING = re.compile(r"\n[^\n，。:]{2,10}:|\n\s*\n")


@dataclass
class Clauses:
    """The clauses of a plain text and how binding a reading inside them is."""

    text: str

    @cached_property
    def _cuts(self) -> list[int]:
        return [found.start() for found in _ENDS.finditer(self.text)]

    @cached_property
    def _preferred(self) -> list[tuple[int, int]]:
        """Stretches under a heading such as 加分项, up to the next heading."""
        found = []
        for head in _SOFT_HEADING.finditer(self.text):
            after = _HEADING.search(self.text, head.end())
            found.append((head.end(), after.start() if after else len(self.text)))
        return found

    def around(self, start: int, end: int) -> tuple[str, str]:
        """Text of the clause left of `start` and right of `end`."""
        k = bisect_right(self._cuts, start - 1)
        left = self._cuts[k - 1] + 1 if k else 0
        m = bisect_right(self._cuts, end - 1)
        right = self._cuts[m] if m < len(self._cuts) else len(self.text)
        return self.text[max(left, start - _REACH) : start], self.text[end : min(right, end + _REACH)]

    def clause(self, start: int, end: int) -> str:
        """The whole clause that holds a span."""
        left, right = self.around(start, end)
        return left + self.text[start:end] + right

    def strength(self, start: int, end: int, default: Strength = "hard") -> Strength:
        """Negated when the clause takes it back, soft when it only prefers, `default` otherwise."""
        left, right = self.around(start, end)
        if _NEGATED_AFTER.match(right) or _NEGATED_BEFORE.search(left):
            return "negated"
        if self._is_soft(left, self.text[start:end], right + self._past_brackets(end + len(right))) or any(
            a <= start < b for a, b in self._preferred
        ):
            return "soft"
        return default

    def _past_brackets(self, end: int) -> str:
        """What follows a bracket that ends the clause: 注册会计师(CPA)优先 prefers both names."""
        if self.text.startswith("(", end):
            close = self.text.find(")", end, end + 20)
            return self.text[close + 1 : close + 4] if close > 0 else ""
        return self.text[end + 1 : end + 4] if self.text.startswith(")", end) else ""

    def _is_soft(self, left: str, said: str, right: str) -> bool:
        if _SOFT_BEFORE.search(left) and not _HARD_BEFORE.search(left):
            return True
        if _SOFT_AFTER.search(said) and not said.endswith("以上"):
            return True
        marker = _SOFT_AFTER.search(right)
        if marker is None:
            return False
        between = right[: marker.start()]
        if said.endswith("以上") and _ANY_OF.fullmatch(marker.group()):
            return False  # 中专及以上均可 still asks for 中专
        if _BREAKS_SOFT.search(between.removeprefix("以上").removeprefix("及以上")):
            return False
        # 本科以上、硕士优先: what is already bounded by 以上 is not part of the list that is preferred
        return not (("、" in between or "/" in between) and (said.endswith("以上") or _HARD_BEFORE.search(left)))
