"""What a post is worth to a person: contributions to the logit of p_person, each with what it rests on."""

from __future__ import annotations

from datetime import date

from leye.match.ranking import points
from leye.match.ranking.closeness import LEVELS, nearest
from leye.match.ranking.item import Item
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.weights import weights


def person_items(person: Profile, job: Advert, w: points.W | None = None) -> list[Item]:
    """Contributions other than 0, in a fixed order. w: weights of the side in units, by default those of the pack."""
    w = weights().person.by if w is None else w
    made = [_target(w, person, job), _pay(w, person, job), *_way(w, person, job), _cities(w, person, job), *_wishes(w, person, job)]
    made += [_needs(w, person, job), _employer(w, job), _fresh(w, person, job)]
    return [i for i in made if i.units]


def _target(w: points.W, person: Profile, job: Advert) -> Item:
    codes, wanted = person.row["target_codes"] or [], job.row["occupation_code"]
    accepted = job.row["accept_codes"] or []
    level, code = nearest(codes, wanted, accepted)
    units = w["target_codes"][LEVELS[level]] if codes and (wanted or accepted) else 0
    return Item("target_codes", units, f"target_{LEVELS[level]}", {"mine": f"code:{code}", "ad": f"code:{code if level == 1 else wanted}"})


def _pay(w: points.W, person: Profile, job: Advert) -> Item:
    offer = points.offer_log(job.least_fen, job.most_fen)
    least, hoped = points.log_of(person.least_fen), points.log_of(person.hoped_fen)
    units = points.pay(w, offer, least, hoped)
    said = _band(job.least_fen, job.most_fen)
    if least is None and hoped is None:
        return Item("pay", units, "pay_no_wish", {"ad": said})
    return Item("pay", units, "pay_above" if units > 0 else "pay_below", {"mine": _band(person.least_fen, person.hoped_fen), "ad": said})


def _way(w: points.W, person: Profile, job: Advert) -> list[Item]:
    km = km_between(person, job)
    if km is None:
        return []
    stated, mode = person.row["commute_max_km"], w["commute_mode_km"].get(person.row["commute_mode"])
    shuttle = bool(job.row["shuttle"])
    near, way = points.location(w, km, stated if stated is not None else mode), points.commute(w, km, stated, mode, shuttle)
    told = {"km": f"{km:.1f}"}
    limit = {"mine": f"{stated if stated is not None else mode:g} km"} if stated is not None or mode is not None else {}
    far = "commute_inside" if way > 0 else "commute_shuttle" if shuttle else "commute_beyond"
    return [Item("location", near, "near" if near > 0 else "far", told), Item("commute", way, far, told | limit)]


def km_between(person: Profile, job: Advert) -> float | None:
    """Great-circle distance; None when a place is unknown or the work is remote."""
    if job.row["remote"] or person.place is None or job.place is None:
        return None
    return points.distance_km(points.chord_between(person.place, job.place))


def _cities(w: points.W, person: Profile, job: Advert) -> Item:
    cities, city = person.row["cities"], job.row["city"]
    inside = bool(city is not None and cities is not None and city in cities)
    case = "inside" if inside else "" if job.row["remote"] or city is None or cities is None else "relocate" if person.row["relocate"] else "unknown"
    said = {"mine": "、".join(f"city:{c}" for c in cities or []) or "none", "ad": f"city:{city}"}
    if inside:
        said["mine"] = f"city:{city}"
    return Item("cities", w["cities"][case] if case else 0, f"city_{case}", said)


def _wishes(w: points.W, person: Profile, job: Advert) -> list[Item]:
    made = []
    for feature, mine in (("form", "forms"), ("shift", "shifts")):
        wanted, said = person.row[mine], job.row[feature]
        if wanted is not None and said is not None:
            case = "inside" if said in wanted else "outside"
            cited = {"mine": f"word:{said}" if case == "inside" else "、".join(f"word:{x}" for x in wanted) or "none", "ad": f"word:{said}"}
            made.append(Item(feature, w[feature][case], f"wish_{case}", cited))
    return made


def _needs(w: points.W, person: Profile, job: Advert) -> Item:
    needs, given = sorted(set(person.row["needs"] or [])), job.row["benefits"]
    if given is None:
        return Item("needs", 0, "", {})
    met, unmet = [n for n in needs if n in given], [n for n in needs if n not in given]
    units = w["needs"]["met"] * len(met) + w["needs"]["unmet"] * len(unmet)
    cited = {"mine": _joined(needs), "ad": _joined(met), "lack": _joined(unmet)}
    return Item("needs", units, "needs_met" if not unmet else "needs_some" if met else "needs_unmet", cited)


def _employer(w: points.W, job: Advert) -> Item:
    record = job.row["employer_record"]
    return Item("record", points.employer_record(w, record), "employer_record", {"ad": f"{record:.2f}" if record is not None else ""})


def _fresh(w: points.W, person: Profile, job: Advert) -> Item:
    posted: date | None = job.row["posted_on"]
    days = (person.on - posted).days if posted is not None else None
    return Item("available_from", points.freshness(w, days), "posted", {"ad": str(posted), "days": str(days)})


def _joined(words: list[str]) -> str:
    return "、".join(f"word:{x}" for x in words)


def _band(low: float | None, high: float | None) -> str:
    """Monthly sums in whole yuan."""
    ends = [f"{x / 100:.0f}" for x in (low, high) if x is not None]
    return "–".join(dict.fromkeys(ends))
