"""A notice in plain words, made from the rule and nothing else: one text a channel, never a promise, never for a rule without a seen document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leye.policy.bind import Bound, bind
from leye.policy.pack import PackSet
from leye.policy.promote.channels import Channel, Channels
from leye.policy.promote.elements import Elements, elements_of
from leye.policy.promote.fitting import fitted
from leye.policy.promote.reading import NAME_SLOT, Reading, personal_data_in, reading_of
from leye.policy.promote.refusals import not_in_force, personal, policy_unknown, too_long, unverified
from leye.policy.promote.said import Said

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. parts: messages, or lines of a sheet · dropped: sentences left out for their length · unsure: open points, whether or not the
    channel has room for them (a person who answers questions must know them)."""

    policy: str
    on: date
    region: str
    channel: str
    language: str
    title: str
    parts: tuple[str, ...]
    dropped: tuple[str, ...]
    basis: tuple[str, ...]
    unsure: tuple[str, ...]
    reading: Reading

    @property
    def text(self) -> str:
        """All parts, one a line."""
        return "\n".join(self.parts)


def write_notice(
    packs: PackSet, policy: str, *, on: date, channels: Channels, channel: str, region: str | None = None, language: str = "zh"
) -> Notice:
    """The notice of one policy for one channel.

    Raises NotFound (E_POLICY, E_CHANNEL), CheckFailed: E_UNVERIFIED for a policy whose basis was not seen, E_NOT_IN_FORCE, E_NOTICE_LENGTH when what
    must be said does not fit.
    """
    if policy not in packs.policies:
        raise policy_unknown(policy, tuple(packs.policies))
    chosen, bound = channels.channel(channel), bind(packs, on, region)
    pieces = _pieces(packs, bound, policy)
    sentences = {name: _plain(said, channels, language) for name, said in _sentences(pieces, chosen, channels).items()}
    if language == "en" and chosen.is_encoded:
        sentences.pop("greeting", None)  # a Chinese name would halve the room of a message in Latin letters
    head = channels_title(pieces, language) if chosen.is_headed else ""
    laid = fitted(chosen, sentences, head=head, language=language)
    if laid is None:
        raise too_long(policy, chosen.name)
    parts, dropped = laid
    text = "\n".join(parts)
    if found := personal_data_in(text):
        raise personal(found)
    unsure = tuple(s.word(language) for s in pieces.unsure)
    measured = reading_of(text.replace(NAME_SLOT, ""), language)
    place = region or "CN"
    return Notice(policy, on, place, channel, language, channels_title(pieces, language), parts, dropped, pieces.basis, unsure, measured)


def channels_title(pieces: Elements, language: str) -> str:
    """The headline: the policy's name."""
    return pieces.title.word(language)


def _pieces(packs: PackSet, bound: Bound, policy: str) -> Elements:
    found = next(p for p in bound.policies if p.policy.id == policy)
    if found.policy.status != "verified":
        raise unverified(found.policy.name, policy)
    if found.version is None:
        raise not_in_force(found.policy.name, policy, bound.on)
    return elements_of(found, found.version, packs, bound.on)


def _sentences(pieces: Elements, channel: Channel, channels: Channels) -> dict[str, Said]:
    """Every sentence that the channel asks for, in its order; empty ones are left out."""
    spoken = channel.is_spoken
    bring = Said("、".join(b.zh for b in pieces.bring), "; ".join(b.word("en") for b in pieces.bring))
    who = _conditions(pieces, channel)
    unsure = Said("；".join(_ended(u.zh) for u in pieces.unsure), " ".join(f"{_ended(u.word('en'))}." for u in pieces.unsure))
    made = {
        "greeting": Said(f"{NAME_SLOT}您好", f"Dear {NAME_SLOT}"),
        "hail": Said("各位乡亲请注意", "Attention please"),
        "maybe": pieces.maybe,
        "gives": pieces.gives,
        "amount": pieces.amount,
        "who": who,
        "until": pieces.until,
        "bring": bring and Said(f"要带：{bring.zh}", f"Bring: {bring.word('en')}"),
        "where": pieces.where and Said(f"到哪里办：{pieces.where.zh}", f"Where: {pieces.where.word('en')}"),
        "basis": Said(f"依据：{'；'.join(pieces.basis)}", f"Basis: {'; '.join(pieces.basis)}"),
        "unsure": unsure and Said(f"还没有核实的：{unsure.zh}", f"Not confirmed: {unsure.word('en')}"),
        "ask": channels.ask,
    }
    return {name: made[name] for name in channel.sentences if made[name] and not (spoken and name == "basis")}


def _conditions(pieces: Elements, channel: Channel) -> Said:
    """All conditions, in a list where the channel has lines."""
    if not pieces.who:
        return Said()
    if channel.is_listed:
        numbered = list(enumerate(pieces.who, start=1))
        return Said(
            "要同时满足：\n" + "\n".join(f"{i}. {w.zh}" for i, w in numbered), "All of:\n" + "\n".join(f"{i}. {w.word('en')}" for i, w in numbered)
        )
    return Said(f"条件：{'；'.join(w.zh for w in pieces.who)}", f"Conditions: {'; '.join(w.word('en') for w in pieces.who)}")


def _ended(text: str) -> str:
    return text.rstrip("。；. ")


def _plain(said: Said, channels: Channels, language: str) -> str:
    """The sentence in one language, words of the law in plain ones (Chinese only)."""
    text = said.word(language)
    if language == "zh":
        for law, plain in channels.plain.items():
            text = text.replace(law, plain)
    return text
