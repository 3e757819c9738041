"""What a person is worth to a post: contributions to the logit of p_employer, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from leye.match.ranking import points
from leye.match.ranking.closeness import LEVELS, nearest
from leye.match.ranking.gate import schooling
from leye.match.ranking.item import Item
from leye.match.ranking.profile import Advert, Profile, names
from leye.match.ranking.skill_items import skill_items
from leye.match.ranking.weights import weights
from leye.match.ranking.words import plain


def employer_items(person: Profile, job: Advert, w: points.W | None = None) -> list[Item]:
    """Contributions other than 0, in a fixed order. w: weights of the side in units, by default those of the pack."""
    w = weights().employer.by if w is None else w
    made = [*_codes(w, person, job), *skill_items(w, person, job), *_certificates(w, person, job), *_ladders(w, person, job)]
    made += [
        *_years(w, person, job),
        *_lists(w, person, job),
        *_study(w, person, job),
        _digital(w, person, job),
        _start(w, person, job),
        _record(w, person),
    ]
    return [i for i in made if i.units]


def _codes(w: points.W, person: Profile, job: Advert) -> list[Item]:
    wanted, accepted, current = job.row["occupation_code"], job.row["accept_codes"] or [], person.row["current_code"]
    if not wanted and not accepted:
        return []
    now = nearest([current] if current else [], wanted, accepted)
    wish = nearest(person.row["target_codes"] or [], wanted, accepted)
    near = [x for x in sorted((wish, now), key=lambda x: x[0]) if x[1] is not None]
    steps = sum(w["occupation_distance"][LEVELS[level]] for level, _ in near)
    made = [_code("current_code", w["current_code"][LEVELS[now[0]]], now, wanted)] if current else []
    return [*made, _code("occupation_distance", steps, near[0], wanted)] if near else made


def _code(feature: str, units: int, found: tuple[int, str | None], wanted: str | None) -> Item:
    level, code = found
    return Item(feature, units, f"{feature}_{LEVELS[level]}", {"mine": f"code:{code}", "ad": f"code:{code if level == 1 else wanted}"})


def _certificates(w: points.W, person: Profile, job: Advert) -> list[Item]:
    wanted, held = names(job.row["certificates_required"]) or {}, person.certificates
    if not wanted or held is None:
        return []
    good = [c for c in wanted if c in held and not person.is_expired(c)]
    over = [c for c in wanted if person.is_expired(c)]
    sure = [c for c in good if held[c] is not None]
    made = [_share("certificates", w["certificates"], good, wanted)]
    ends = w["certificate_until"]
    units = ends["valid"] * len(sure) // len(wanted) + ends["expired"] * len(over) // len(wanted)
    papers = "、".join(wanted[c] if held[c] is True else f"{wanted[c]} {held[c]}" for c in (*over, *sure))  # True: without an end
    cited = {"mine": papers, "ad": "、".join(wanted.values())}
    return [*made, Item("certificate_until", units, "certificate_expired" if over else "certificate_valid", cited, tuple(wanted.values()))]


def _share(feature: str, part: points.W, hits: Iterable[str], wanted: dict[str, str]) -> Item:
    """A list asked for, and which of it is held."""
    met = list(hits)
    lack = [wanted[x] for x in wanted if x not in met]
    cited = {"mine": "、".join(wanted[x] for x in met), "ad": "、".join(wanted.values()), "lack": "、".join(lack)}
    clause = "share_all" if not lack else "share_some" if met else "share_none"
    return Item(feature, points.share(part, len(met), len(wanted)), clause, cited, tuple(wanted.values()))


def _ladders(w: points.W, person: Profile, job: Advert) -> list[Item]:
    steps = (
        ("skill_grade", person.row["skill_grade"], job.row["skill_grade_min"], "grade:"),
        ("education", schooling(person.row["education"]), schooling(job.row["education_min"]), "schooling:"),
    )
    made = []
    for feature, held, least, kind in steps:
        if held is not None and least is not None:
            clause = "ladder_met" if held >= least else "ladder_short"
            made.append(Item(feature, points.level(w[feature], held, least), clause, {"mine": f"{kind}{held}", "ad": f"{kind}{least}"}))
    return made


def _years(w: points.W, person: Profile, job: Advert) -> list[Item]:
    made = []
    for feature in ("relevant_years", "total_years"):
        held, least = person.row[feature], job.row[f"{feature}_min"]
        if held is not None:
            clause = "years_unasked" if least is None else "years_met" if held >= least else "years_short"
            made.append(
                Item(feature, points.years(w[feature], held, least), clause, {"mine": f"{held:g}", "ad": "" if least is None else f"{least:g}"})
            )
    return made


def _lists(w: points.W, person: Profile, job: Advert) -> list[Item]:
    """Languages by share; trainings and industry by any one that fits."""
    made = []
    tongues, spoken = names(job.row["languages_required"]), names(person.row["languages"])
    if tongues and spoken is not None:
        made.append(_share("languages", w["languages"], (x for x in tongues if x in spoken), tongues))
    for feature, mine, accepted in (
        ("trainings", "trainings", job.row["trainings_accepted"]),
        ("industries", "industries", [job.row["industry"]] if job.row["industry"] else None),
    ):
        wanted, held = names(accepted), names(person.row[mine])
        if wanted and held is not None:
            met = [wanted[x] for x in wanted if x in held]
            cited = {"mine": "、".join(met), "ad": "、".join(wanted.values())}
            made.append(Item(feature, points.either(w[feature], bool(met)), "any_met" if met else "any_unmet", cited, tuple(wanted.values())))
    return made


def _digital(w: points.W, person: Profile, job: Advert) -> Item:
    """Level and equipment in one line, for they are one feature."""
    held, least = person.row["digital_level"], job.row["digital_required"]
    wanted, tools = names(job.row["equipment_required"]) or {}, names(person.row["equipment"])
    mine: list[str] = []
    said: list[str] = []
    units = points.level(w["digital"], held, least)
    if held is not None and least is not None:
        mine, said = [f"digital:{held}"], [f"digital:{least}"]
    if wanted and tools is not None:
        met = [wanted[x] for x in wanted if x in tools]
        units += points.share(w["equipment"], len(met), len(wanted))
        mine, said = [*mine, *met], [*said, *wanted.values()]
    cited = {"mine": "、".join(mine) or "none", "ad": "、".join(said)}
    return Item("digital", units, "digital_met" if units > 0 else "digital_short", cited, tuple(wanted.values()))


def fits_major(held: str, wanted: Iterable[str]) -> str | None:
    """The first of the majors asked for (comparable forms) that is the one held, or holds it, or is held in it."""
    mine = plain(held)
    return next((m for m in wanted if m == mine or (m and m in mine) or (mine and mine in m)), None)


def _study(w: points.W, person: Profile, job: Advert) -> list[Item]:
    majors, held = names(job.row["majors"]), person.row["major"]
    if not majors or held is None:
        return []
    is_met = fits_major(held, majors) is not None
    cited = {"mine": held, "ad": "、".join(majors.values())}
    return [Item("major", points.either(w["major"], is_met), "major_met" if is_met else "major_unmet", cited, tuple(majors.values()))]


def _start(w: points.W, person: Profile, job: Advert) -> Item:
    ready, by = person.row["available_from"], job.row["start_by"]
    days = None if ready is None or by is None else (ready - by).days
    return Item("available_from", points.start(w, days), "start_met" if (days or 0) <= 0 else "start_late", {"mine": str(ready), "ad": str(by)})


def _record(w: points.W, person: Profile) -> Item:
    score = person.row["record_score"]
    units = points.record(w, score)
    return Item("record", units, "record_good" if units > 0 else "record_low", {"mine": "" if score is None else f"{score:.2f}"})
