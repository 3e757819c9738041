"""The README of this benchmark, from what was measured; the rows where we lose stay in."""

from __future__ import annotations

from typing import Any

NAMES = {
    "scan": "bare Polars scan of the same columns",
    "totals": "**Leye, table engine**",
    "sparse": "**Leye, sparse marks written** (`policy mark --wide`: checked, a mask and amounts a person)",
    "long": "**Leye, long marks written** (`policy mark`)",
    "duckdb": "Leye's exported SQL in DuckDB",
    "openfisca": "OpenFisca-core 46.0.1, one simulation",
    "openfisca_pieces": "OpenFisca-core 46.0.1, ten pieces",
    "nulls": "**Leye, a tenth of all values unknown**",
    "nulls_scan": "bare scan of that file",
}


def readme(found: dict[str, Any]) -> str:
    parts = [_SECTIONS[name](found[name]) for name in "abcde" if name in found]
    return "\n".join(["# Rules over whole populations, beside OpenFisca and the bare scan", "", *[line for part in parts for line in part]])


def _head(title: str, found: dict[str, Any], part: str, what: str) -> list[str]:
    return [f"## {title}", "", f"{found['on']} · {found['machine']} · `leye bench policy -- --parts {part}` · {what}", ""]


def _row(name: str, r: dict[str, float], base: dict[str, float]) -> str:
    return f"| {name} | {r['cpu_s']:.2f} | {r['cpu_s'] / base['cpu_s']:.2f} | {r['peak_mib']:,.0f} | {r['wall_s']:.1f} |"


def _goal(text: str, measured: float, limit: float, *, at_least: bool = False) -> str:
    holds = measured >= limit if at_least else measured <= limit
    return f"- {text}: **{measured:.2f}**, {'holds' if holds else 'does not hold'}"


_TABLE = ["| | CPU s | times the scan | peak MiB | wall s |", "|---|---|---|---|---|"]


def _a(found: dict[str, Any]) -> list[str]:
    rows, unknown = found["rows"], found["unknown"]
    base, peer, pieces, ours = rows["scan"], rows["openfisca"], rows["openfisca_pieces"], rows["totals"]
    size = found["bytes"]
    lines = _head(
        f"a. Twenty policies, {found['people']:,} people, counts and sums",
        found,
        "a",
        f"medians of {base['runs']} runs in turn, each in a process of its own, start-up included; CPU of the process and its children."
        " Twenty policies, ten derived facts, fifty comparisons, 35 columns (`pack20/`), the same rules as variables and formulas for the peer"
        " (`openfisca_rules.py`, AGPL-3.0, in a throwaway environment); zstd Parquet in, counts and sums out, equal to the fen in all rows.",
    )
    lines += [*_TABLE, *(_row(NAMES[n], r, rows["nulls_scan"] if n.startswith("nulls") else base) for n, r in rows.items())]
    lines += [
        "",
        _goal("CPU of OpenFisca, times ours (goal ≥ 8)", peer["cpu_s"] / ours["cpu_s"], 8, at_least=True),
        _goal("memory of OpenFisca, times ours (goal ≥ 8)", peer["peak_mib"] / ours["peak_mib"], 8, at_least=True),
        _goal("counts and sums, times the bare scan (goal ≤ 2.5)", ours["cpu_s"] / base["cpu_s"], 2.5),
        _goal("sparse marks written, times the bare scan (goal ≤ 5)", rows["sparse"]["cpu_s"] / base["cpu_s"], 5),
        f"- sparse marks take {size['wide'] / found['people']:.1f} bytes a person, long ones {size['long'] / found['people']:.1f},"
        f" the people {size['known'] / found['people']:.1f}.",
        f"- In ten pieces OpenFisca takes {pieces['cpu_s'] / ours['cpu_s']:.1f} times our CPU and"
        f" {pieces['peak_mib'] / ours['peak_mib']:.1f} times our memory; it then has no table of the whole left to join or to weigh.",
        "",
        f"**When a tenth of all values is unknown**: {unknown['all']['pairs']:,} pairs of person and policy,"
        f" {unknown['all']['yes']:,} of them truly yes (the same people with everything known). OpenFisca has no unknown: an empty value"
        " becomes 0, false, the first word or 1970-01-01.",
        "",
        "| | says yes to people who are not entitled | says no to people who are | leaves open | of these truly yes |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {u['wrong_yes']:,} | {u['wrong_no']:,} | {u['unknown']:,} | {u['unknown_yes']:,} |"
            for name, u in (("**Leye**", unknown["ours"]), ("OpenFisca, defaults", unknown["peer"]))
        ),
        "",
    ]
    return lines


def _b(found: dict[str, Any]) -> list[str]:
    rows, base = found["rows"], found["rows"]["scan"]
    large, sizes = rows["large"], found["bytes"]
    names = {
        "scan": "bare Polars scan of the whole file",
        "marks": "**`leye policy mark`**, long, with missing facts and amounts",
        "wide": "**`leye policy mark --wide`**, masks and sparse amounts",
        "months_choice": "**`leye policy mark --with months,choice`**",
    }
    lines = _head(
        f"b. The shipped packs, {found['people']:,} people, 96 columns",
        found,
        "b",
        f"medians of {base['runs']} runs, start-up, checks of every value and the written Parquet included; people of twelve places, a tenth of all"
        f" values unknown, {found['marks']['marks']:,} marks.",
    )
    lines += [*_TABLE, *(_row(text, rows[n], base) for n, text in names.items())]
    lines += [
        _row(f"bare scan, {found['large_people']:,} people", rows["large_scan"], rows["large_scan"]),
        _row(f"**`leye policy mark`**, {found['large_people']:,} people, {found['marks']['large']:,} marks", large, rows["large_scan"]),
        "",
        _goal("marks with missing facts, times the bare scan (goal ≤ 6, aimed at 4)", rows["marks"]["cpu_s"] / base["cpu_s"], 6),
        _goal("GiB for a million (goal ≤ 1.5)", rows["marks"]["peak_mib"] / 1024, 1.5),
        _goal("GiB for ten million, streamed (goal ≤ 2)", large["peak_mib"] / 1024, 2),
        f"- long marks {sizes['marks'] / 2**20:,.0f} MiB, wide ones {sizes['wide'] / 2**20:,.0f} MiB, the people {sizes['people'] / 2**20:,.0f} MiB.",
        "",
    ]
    return lines


def _c(found: dict[str, Any]) -> list[str]:
    rows = found["rows"]
    lines = _head(
        f"c. One changed policy, {found['people']:,} people",
        found,
        "c",
        f"medians of {rows['reform']['runs']} runs. The cap of a tax credit is raised; what depends on it ({', '.join(found['touched'])}) is found"
        " from the packs and computed anew over the whole file, reading its columns only.",
    )
    return [
        *lines,
        *_TABLE,
        _row("bare scan of all columns", rows["scan"], rows["scan"]),
        _row("**Leye, a process of its own**, start-up and loading the pack included", rows["reform"], rows["scan"]),
        "",
        _goal("CPU s of the changed policy, in a process that runs (goal ≤ 0.5)", found["inside_cpu_s"], 0.5),
        _goal("CPU s with start-up", rows["reform"]["cpu_s"], 0.5),
        "",
    ]


def _d(found: dict[str, Any]) -> list[str]:
    ms = found["ms"]
    lines = _head("d. One person explained", found, "d", f"{found['persons']:,} people one after the other, CPU milliseconds each, rules loaded.")
    return [
        *lines,
        "| | verdicts, amounts, missing facts | with every line said, as JSON |",
        "|---|---|---|",
        f"| **Leye, the shipped packs** | {ms['whole']['ms']:.3f} | {ms['whole']['said_ms']:.3f} |",
        f"| **Leye, twenty policies** | {ms['twenty']['ms']:.3f} | {ms['twenty']['said_ms']:.3f} |",
        f"| OpenFisca-core 46.0.1, twenty policies | {ms['openfisca']['bare_ms']:.3f} | {ms['openfisca']['traced_ms']:.3f} (its trace) |",
        "",
        _goal("ms a person for the shipped packs, as explained by `explain` (goal ≤ 0.5)", ms["whole"]["ms"], 0.5),
        _goal("ms with every line of every policy said as JSON (goal ≤ 0.5)", ms["whole"]["said_ms"], 0.5),
        "",
    ]


def _e(found: dict[str, Any]) -> list[str]:
    rows = found["rows"]
    names = {
        "polars": "**`leye policy mark`** (default)",
        "duckdb": "exported SQL, DuckDB, Parquet to Parquet",
        "postgres": "exported SQL, PostgreSQL, table to table (the server's CPU; loading apart)",
        "spark": "exported SQL, Spark local[2], Parquet to Parquet",
    }
    lines = _head(
        f"e. The same marks by other engines, {found['people']:,} people",
        found,
        "e",
        f"one run each; {next(iter(found['marks'].values())):,} marks in all. That they are equal to the fen and to the missing fact is tested.",
    )
    body = [f"| {names[n]} | {r['cpu_s']:.1f} | {r['peak_mib']:,.0f} | {r['wall_s']:.1f} |" for n, r in rows.items()]
    return [*lines, "| | CPU s | peak MiB | wall s |", "|---|---|---|---|", *body, ""]


_SECTIONS = {"a": _a, "b": _b, "c": _c, "d": _d, "e": _e}
