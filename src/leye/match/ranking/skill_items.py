"""Skills of a pair: required and preferred ones, each shown by the list, a project or the free text (the best of them counts), and their levels."""

from __future__ import annotations

from leye.match.ranking import points
from leye.match.ranking.item import Item
from leye.match.ranking.profile import Advert, Profile, skill_names
from leye.match.ranking.words import forms, private_forms

_SHOWN = (("list", "skills"), ("project", "project_skills"), ("text", "text"))


def skill_items(w: points.W, person: Profile, job: Advert) -> list[Item]:
    """Items of the features skills, skill_levels, project_skills and text."""
    shown = {s: how_shown(person, s) for s in (*job.required, *job.preferred)}
    of, liked = points.skill_share(w, "required", len(job.required)), points.skill_share(w, "preferred", len(job.preferred))
    sums = {
        way: sum(of[way] for s in job.required if shown[s] == way) + sum(liked[way] for s in job.preferred if shown[s] == way) for way, _ in _SHOWN
    }
    mentioned = _mentioned(person, job)
    sums["list"] += w["skills"]["mentioned"] * min(len(mentioned), w["skills"]["mentioned_most"])
    if job.required and person.skills is not None:
        sums["list"] += w["skills"]["none"]
    own = {"list": person.skills or {}, "project": person.projects or {}, "text": {}}
    by_way = {way: {s: own[way].get(s, s) for s in shown if shown[s] == way} for way, _ in _SHOWN}
    made = [_item(feature, sums[way], by_way[way], job, mentioned if way == "list" else []) for way, feature in _SHOWN]
    return [made[0], _levels(w, person, job), made[1], _projects(w, person, job), made[2], _title(w, person, job)]


def how_shown(person: Profile, skill: str) -> str | None:
    """`list`, `project`, `text`, or None where nothing shows it."""
    if skill in (person.skills or {}):
        return "list"
    if skill in (person.projects or {}):
        return "project"
    return "text" if person.told and any(f in person.told for f in private_forms(skill)) else None


def _mentioned(person: Profile, job: Advert) -> list[str]:
    """Skills of the person's list that the advert's text names and its lists do not."""
    held = person.skills or {}
    return [s for s in sorted(held) if s not in job.written and any(f in job.told for f in forms(s))]


def _item(feature: str, units: int, met: dict[str, str], job: Advert, mentioned: list[str]) -> Item:
    """met: skills shown this way, and the person's own word for each."""
    lack = [job.written[s] for s in job.required if s not in met] if feature == "skills" else []
    mine = "、".join([*met.values(), *mentioned])
    clause = f"{feature}_none" if not mine else f"{feature}_some" if lack else f"{feature}_all"
    return Item(feature, units, clause, {"mine": mine, "lack": "、".join(lack)}, (*(job.written[s] for s in met), *mentioned, *lack))


def _levels(w: points.W, person: Profile, job: Advert) -> Item:
    asked = {s: least for s, least in job.required.items() if least is not None and person.levels.get(s) is not None}
    done = person.projects or {}
    units = sum(points.skill_level(w, person.levels[s], least, len(job.required), in_project=s in done) for s, least in asked.items())
    short = [s for s, least in asked.items() if (person.levels[s] or 0) < least]
    cited = {
        "mine": "、".join(f"{job.written[s]} {person.levels[s]}" for s in asked), "ad": "、".join(f"{job.written[s]} {asked[s]}" for s in asked),
    }  # fmt: skip
    return Item("skill_levels", units, "levels_short" if short else "levels_met", cited, tuple(job.written[s] for s in asked))


def _projects(w: points.W, person: Profile, job: Advert) -> Item:
    wanted = skill_names(job.row["project_skills"]) or {}
    met = [s for s in wanted if s in (person.projects or {})]
    units = w["project_skills"]["share"] * len(met) // len(wanted) if wanted else 0
    return Item("project_skills", units, "projects_met", {"mine": "、".join(wanted[s] for s in met)}, tuple(wanted[s] for s in met))


def _title(w: points.W, person: Profile, job: Advert) -> Item:
    name = job.row["title"] or ""
    wanted = job.title_pairs
    hits = len(wanted & person.told_pairs)
    return Item("text", points.title(w, hits, len(wanted)), "title", {"mine": name, "ad": name}, (name,))
