"""Profiles of those who asked the service for work."""

from __future__ import annotations

import numpy as np
import polars as pl

from leye.city.careers import Careers
from leye.city.dice import Array, pick, stream
from leye.city.frames import days, words
from leye.city.marginals import districts, job_families
from leye.city.pieces import choose, flatten, pieces
from leye.city.population import EMPLOYED, Residents
from leye.city.social import Standing
from leye.kernel.codes import region_name


def seekers_frame(residents: Residents, careers: Careers, standing: Standing, person_ids: pl.Series, *, seed: int) -> pl.DataFrame:
    """One row a person with a request for work, ordered by person; wanted wage in fen a month, day from which they could start."""
    rng = stream(seed, "seekers")
    rows = np.flatnonzero(standing.willing & (careers.family >= 0))
    n, family = rows.size, careers.family[rows]
    wage = np.array([f.wage_yuan for f in job_families()])[family] * np.exp(rng.normal(-0.06, 0.18, n))
    wanted = np.maximum(np.rint(wage / 100) * 100, 2100).astype(np.int64)
    employed = residents.status[rows] == EMPLOYED
    ready = np.datetime64(residents.on, "D") + np.where(employed, 30, pick(rng, n, (0.6, 0.2, 0.1, 0.1)) * 7).astype("timedelta64[D]")
    flat, first, many = flatten([f.titles for f in job_families()])
    title = words(flat, first[family] + np.floor(rng.random(n) * many[family]).astype(np.int64))
    return pl.DataFrame(
        {
            "person_id": person_ids.gather(rows),
            "text": _texts(rng, residents, careers, rows, title, wanted),
            "wanted_occupation": words([f.code for f in job_families()], family),
            "wanted_wage_fen": wanted * 100,
            "available_on": days(ready),
        }
    )


def _texts(rng: np.random.Generator, residents: Residents, careers: Careers, rows: Array, title: pl.Series, wanted: Array) -> pl.Series:
    """Who, what done so far, what they can do, where, for how much, and a last word."""
    p, n, family = pieces("ads")["seekers"], rows.size, careers.family[rows]
    age = pl.Series(residents.age[rows]).cast(pl.String)
    sex = words(["女", "男"], residents.male[rows].astype(np.int64))
    since = (np.datetime64(residents.on, "D") - careers.start[rows]).astype(np.int64) / 365.25
    years = pl.Series(np.maximum(1, np.rint(since * rng.beta(2, 3, n))).astype(np.int64)).cast(pl.String)
    fresh = pl.Series(np.isnat(careers.prev_to[rows]) & (careers.firm[rows] < 0))
    past = pl.select(
        pl.when(fresh).then(pl.lit(choose(rng, n, p["firsts"], title=title))).otherwise(pl.lit(choose(rng, n, p["pasts"], title=title, years=years)))
    ).to_series()
    flat, first, many = flatten([f.duties for f in job_families()])
    duty = words(flat, first[family] + np.floor(rng.random(n) * many[family]).astype(np.int64))
    place = words([region_name(d) for d in districts()], residents.district[rows])
    parts = (
        choose(rng, n, p["starts"], age=age, sex=sex), past, choose(rng, n, p["skills"], duty=duty), choose(rng, n, p["wishes"], place=place),
        choose(rng, n, p["pays"], pay=pl.Series(wanted).cast(pl.String)), choose(rng, n, p["ends"]),
    )  # fmt: skip
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()
