"""The sentences of the next step, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from leye.policy.explain.labels import Labels
from leye.policy.pack import Version


class Sentences:
    """One language."""

    def __init__(self, labels: Labels) -> None:
        self.labels, self.english = labels, labels.is_english
        self._asked: dict[tuple[str, int], str] = {}

    def join(self, parts: Sequence[str]) -> str:
        """Sentences one after the other."""
        if self.english:
            return " ".join(f"{p[0].upper()}{p[1:]}." for p in parts if p)
        return "".join(f"{p}。" for p in parts if p)

    def not_in_force(self, version: Version | None, on: date) -> str:
        """Over, not yet, or never here."""
        if version is None:
            return self.join(["this place has no such policy" if self.english else "本地没有这项政策"])
        if version.start > on:
            return self.join([f"in force from {version.start} only" if self.english else f"该政策自{version.start}起执行"])
        text = (
            f"this policy ended on {version.end}; ask again when a successor is known"
            if self.english
            else f"该政策{version.end}到期，有新政策时再核对"
        )
        return self.join([text])

    def unverified(self) -> str:
        """The basis was not seen in full."""
        return "the basis is not verified yet: ask the office before you rely on it" if self.english else "依据待核实，办理前先问经办机构"

    def gives_way(self, other: str) -> str:
        """Another one of the group is better."""
        return f"not together with “{other}”, which is the better one" if self.english else f"与“{other}”不能同时享受，建议办“{other}”"

    def open_choice(self, others: Sequence[str]) -> str:
        """A person must choose."""
        names = self._names(others)
        return f"only one of this and {names} may be had: choose" if self.english else f"与{names}只能选一项，请比较后选择"

    def does_not_touch(self, others: Sequence[str]) -> str:
        """A sibling is granted all the same."""
        return f"this does not touch {self._names(others)}" if self.english else f"不影响{self._names(others)}"

    def apply(self, where: str, documents: Sequence[str], deadline: date | None) -> str:
        """Where to go, with what, by when."""
        if self.english:
            found = [
                f"apply at: {where}" if where else "entitled",
                f"bring: {', '.join(documents)}" if documents else "",
                f"by {deadline}" if deadline else "",
            ]
            return "; ".join(f for f in found if f)
        found = [
            f"可以办理：{where}" if where else "符合条件",
            f"带上{'、'.join(documents)}" if documents else "",
            f"{deadline}前办理" if deadline else "",
        ]
        return "；".join(f for f in found if f)

    def amount_needs(self, missing: Sequence[str]) -> str:
        """A yes whose amount is unknown."""
        names = (", " if self.english else "、").join(self.labels.name(f) for f in missing)
        return f"the amount needs: {names}" if self.english else f"金额还要核实：{names}"

    def ask(self, fact: str, count: int) -> str:
        """The fact to ask for first, what shows it, and how many facts are missing."""
        if (fact, count) not in self._asked:
            self._asked[fact, count] = self._ask(fact, count)
        return self._asked[fact, count]

    def _ask(self, fact: str, count: int) -> str:
        words, register = self.labels.words.get(fact), self.labels.facts[fact].source_zh
        if self.english:
            asked = words.ask_en if words else f"{self.labels.name(fact)}?"
            shown = f" (shown by: {words.paper_en})" if words and words.paper_en else ""
            start = f"{count} facts are missing; ask first" if count > 1 else "please verify"
            return f"{start[0].upper()}{start[1:]}: {asked}{shown}"
        asked = words.ask_zh if words else f"{self.labels.name(fact)}是？"
        shown = "，".join(p for p in (f"看{words.paper_zh}" if words and words.paper_zh else "", f"或查{register}" if register else "") if p)
        return f"{f'还有{count}项待核实，先问' if count > 1 else '请核实'}：{asked}" + (f"（{shown}）" if shown else "")

    def no_figure(self) -> str:
        """Facts are known, a number of the place is not."""
        return "a figure of the place is not known yet: ask the office" if self.english else "当地的标准还不知道，请问经办机构"

    def still_unknown(self, count: int) -> str:
        """Conditions of a no that are not known either."""
        if not count:
            return ""
        if self.english:
            return f"{count} more {'is' if count == 1 else 'are'} not known yet"
        return f"另有{count}项还不知道"

    def only_one(self, text: str, distance: str, *, alternatives: int) -> str:
        """One condition stands between."""
        if self.english:
            start = "only this is missing" if alternatives == 1 else f"one of {alternatives} is enough, the nearest"
            return f"{start}: {text} ({distance})"
        start = "只差这一项" if alternatives == 1 else f"{alternatives}项里满足一项就行，最近的是"
        return f"{start}：{text}（{distance}）"

    def with_distance(self, text: str, distance: str) -> str:
        """A condition and how far it is from holding, where that is known."""
        if not distance:
            return text
        return f"{text} ({distance})" if self.english else f"{text}（{distance}）"

    def several(self, texts: Sequence[str], count: int) -> str:
        """Several conditions fail."""
        if self.english:
            return f"{count} condition{'s fail' if count > 1 else ' fails'}: {'; '.join(texts)}" + ("; …" if count > len(texts) else "")
        return f"有{count}项不满足：{'；'.join(texts)}" + ("；等" if count > len(texts) else "")

    def enough(self, day: date | None) -> str:
        """The whole rule holds then."""
        if self.english:
            return f"the system looks again on {day}, all else equal it holds then" if day else "with that, all conditions hold"
        return f"其他情况不变，{day}起符合，届时由系统自动复核" if day else "满足后即符合"

    def not_enough(self, day: date | None) -> str:
        """This condition holds then, others do not."""
        if self.english:
            return "other conditions must be looked at again then"
        return "届时其他条件要重新核对" if day else "改变这一项会影响其他条件，要重新核对"

    def ended_by_then(self, end: date) -> str:
        """The policy is over before it turns."""
        return f"the policy ends on {end}, before that" if self.english else f"但该政策{end}到期，赶不上"

    def _names(self, others: Sequence[str]) -> str:
        return ", ".join(f"“{o}”" for o in others) if self.english else "、".join(f"“{o}”" for o in others)
