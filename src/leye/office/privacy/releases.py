"""Noisy counts under a budget that lasts: charged in the transaction that stores the release, one row a data set and calendar year.

A release is asked for in three steps: count (nobody sees it), then, with the budget's row locked, look for an answer that was given before, hold the
price against what is left, draw the noise, store, charge and seal. Two processes that ask at once stand in line at the row; the second reads what the
first wrote. The row's own constraint refuses to be overdrawn, and a trigger refuses to be refunded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from leye.kernel.clock import beijing_day
from leye.kernel.errors import BadInput, CheckFailed, Conflict
from leye.lake.snapshots import file_sha256
from leye.office.accounts.models import User
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.models import SealedEvent
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.models import Budget, Release
from leye.trust.privacy.datasets import Dataset, dataset_called
from leye.trust.privacy.datasets import datasets as datasets_of
from leye.trust.privacy.noise import NoNoise, accuracy_of
from leye.trust.privacy.releases import LEAST_EPSILON_MICRO, Query, cells_of, exact_counts, noisy_counts
from leye.trust.record import canonical_json

MICRO = 1_000_000
EVENT = "privacy.released"
OFFERED = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Prices of the page's list, in epsilon; chosen by us. The terminal and the API take any in between."""


class BudgetSpent(CheckFailed):
    """The year's budget does not cover the price."""

    code = "E_BUDGET"


class BudgetDiffers(CheckFailed):
    """The budget's row, its releases and their leaves tell of different sums: somebody changed a table, or put back an older one."""

    code = "E_BUDGET_DIFFERS"


def release(
    dataset: str, *, by: Sequence[str] = (), where: Mapping[str, str] | None = None, epsilon: float, acting_user: User | None, at: datetime
) -> tuple[Release, bool]:
    """Noisy counts of a data set by groups; returns the release and whether it had been made before and cost nothing now.

    The same question about the same data is answered from the record, unless more epsilon is offered than it had. acting_user: None in the terminal.
    Raises BudgetSpent, BadInput (E_DATASET, E_RELEASE, E_EPSILON, E_EXTRA, E_NO_CITY), NotAllowed.
    """
    if acting_user is not None:
        require(acting_user, "releases.make")
    city = city_manifest()
    known = dataset_called(dataset, city["region"])
    query, price = Query.asked(known, by, where or {}), _micro(epsilon, known)
    file = _table(known)
    sha256 = file_sha256(file)
    if (before := _given(query, sha256, price)) is not None:
        return before, True
    exact = _count(file, sha256, known, query, date.fromisoformat(city["on"]))
    with transaction.atomic():
        budget = _locked(known, beijing_day(at).year)
        if (before := _given(query, sha256, price)) is not None:
            return before, True
        if not _agrees(budget, _sealed_sums()):
            raise _differs(budget)
        if price > budget.left_micro:
            raise _spent(budget, price)
        noisy = noisy_counts(exact, epsilon_micro=price, most_rows=known.most_rows)
        made = Release(
            id=new_id(at), budget=budget, query=query.text(), query_key=query.key(), data_sha256=sha256, epsilon_micro=price, scale=noisy.scale,
            accuracy=noisy.accuracy, cells=[[*c, n] for c, n in zip(cells_of(known, query), noisy.counts, strict=True)], made_by=acting_user, at=at,
        )  # fmt: skip
        budget.spent_micro += price
        made.leaf_index = seal_event(EVENT, at=at, **sealed_parts(made)).leaf_index
        made.save(force_insert=True)
        budget.save(update_fields=["spent_micro"])
        audit(EVENT, on=made, by=acting_user, at=at, dataset=dataset, year=budget.year, epsilon_micro=price)
        emit(EVENT, at=at, release_id=made.pk, dataset=dataset)
    return made, False


def sealed_parts(made: Release) -> dict[str, Any]:
    """What the leaf of a release says: the question, the price, the data by hash, and the answer by hash."""
    return {
        "release_id": str(made.pk),
        "dataset": made.budget.dataset,
        "year": made.budget.year,
        "query": made.query,
        "epsilon_micro": made.epsilon_micro,
        "data_sha256": made.data_sha256,
        "sha256": hashlib.sha256(canonical_json(made.cells)).hexdigest(),
    }


def releases(user: Any) -> QuerySet[Release]:
    """All releases, newest first."""
    require(user, "releases.view")
    return Release.objects.select_related("budget", "made_by")


def release_called(user: Any, name: Any) -> Release:
    """One of them. Raises NotFound."""
    found: Release | None = releases(user).filter(pk=name).first()
    if found is None:
        raise not_found()
    return found


def budgets(at: datetime) -> list[dict[str, Any]]:
    """Every budget, that of the present year of each data set also before its first release.

    Rows: dataset, year, total, spent, left (epsilon), releases, agrees: whether the row, its releases and their leaves say the same sum.
    """
    year = beijing_day(at).year
    rows = {(b.dataset, b.year): b for b in Budget.objects.all()}
    for known in datasets_here().values():
        rows.setdefault((known.code, year), Budget(dataset=known.code, year=year, total_micro=known.epsilon_micro))
    sealed = _sealed_sums()
    return [_budget_row(b, sealed) for _, b in sorted(rows.items(), key=lambda i: (-i[0][1], i[0][0]))]


def datasets_here() -> Mapping[str, Dataset]:
    """Data sets of the city that is here. Raises BadInput (E_NO_CITY)."""
    return datasets_of(city_manifest()["region"])


def price_list(known: Dataset) -> list[dict[str, float]]:
    """What the page offers: epsilon and the accuracy of one cell in persons. Empty without the extra `privacy`."""
    try:
        return [{"epsilon": e, "accuracy": accuracy_of(round(e * MICRO), known.most_rows)} for e in OFFERED if e * MICRO <= known.epsilon_micro]
    except NoNoise:
        return []


def city_manifest() -> dict[str, Any]:
    """Region and day of the city. Raises BadInput (E_NO_CITY)."""
    file = Path(settings.LEYE_DATA) / "city" / "manifest.json"
    if not file.exists():
        raise BadInput(
            "数据文件夹里没有城市数据",
            en="the data folder holds no city",
            remedy_zh="先运行 leye demo，或装载人员表",
            remedy_en="run leye demo first, or load the people",
            code="E_NO_CITY",
        )
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _budget_row(b: Budget, sealed: Mapping[tuple[str, int], tuple[int, int]]) -> dict[str, Any]:
    return {
        "dataset": b.dataset,
        "year": b.year,
        "total": b.total_micro / MICRO,
        "spent": b.spent_micro / MICRO,
        "left": b.left_micro / MICRO,
        "releases": b.releases.count() if b.pk else 0,
        "agrees": _agrees(b, sealed),
    }


def _agrees(b: Budget, sealed: Mapping[tuple[str, int], tuple[int, int]]) -> bool:
    """Three witnesses of one sum: the row, the releases, the leaves."""
    of_row = b.releases.aggregate(spent=Sum("epsilon_micro"), n=Count("pk")) if b.pk else {"spent": 0, "n": 0}
    charged = (int(of_row["spent"] or 0), int(of_row["n"]))
    return (b.spent_micro, charged[1]) == charged == sealed.get((b.dataset, b.year), (0, 0))


def _sealed_sums() -> dict[tuple[str, int], tuple[int, int]]:
    """(epsilon_micro, number) of sealed releases by data set and year: what the log says, whatever the tables say."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for said in SealedEvent.objects.filter(kind=EVENT).values_list("payload", flat=True).iterator():
        key = (said["dataset"], said["year"])
        spent, n = found.get(key, (0, 0))
        found[key] = (spent + said["epsilon_micro"], n + 1)
    return found


def _given(query: Query, sha256: str, price: int) -> Release | None:
    """The best answer given before to this question about this data, if it is at least as exact as asked."""
    of_data = Release.objects.filter(data_sha256=sha256, query_key=query.key(), epsilon_micro__gte=price)
    found: Release | None = of_data.select_related("budget", "made_by").order_by("-epsilon_micro", "at").first()
    return found


def _locked(known: Dataset, year: int) -> Budget:
    """The year's budget, made at the first release; its total stays what it was then."""
    Budget.objects.get_or_create(dataset=known.code, year=year, defaults={"total_micro": known.epsilon_micro})
    budget: Budget = Budget.objects.select_for_update().get(dataset=known.code, year=year)
    return budget


def _count(file: Path, sha256: str, known: Dataset, query: Query, on: date) -> list[int]:
    """Exact counts of the file of that hash. Raises Conflict when it was replaced meanwhile: the record must name the data that was counted."""
    import polars as pl

    exact = exact_counts(pl.scan_parquet(file), known, query, on=on)
    if file_sha256(file) != sha256:
        raise Conflict("数据刚刚换过", en="the data was replaced meanwhile", remedy_zh="再试一次", remedy_en="try again")
    return exact


def _table(known: Dataset) -> Path:
    file = Path(settings.LEYE_DATA) / known.table
    if not file.exists():
        raise BadInput(
            f"没有数据表 {known.table}",
            en=f"there is no {known.table}",
            remedy_zh="先运行 leye demo",
            remedy_en="run leye demo first",
            code="E_NO_CITY",
        )
    return file


def _micro(epsilon: float, known: Dataset) -> int:
    """The price in millionths. Raises BadInput (E_EPSILON) on what is no number, too little, or more than a whole year's."""
    price = round(epsilon * MICRO) if epsilon == epsilon and abs(epsilon) < MICRO else 0
    if not LEAST_EPSILON_MICRO <= price <= known.epsilon_micro:
        least, most = LEAST_EPSILON_MICRO / MICRO, known.epsilon_micro / MICRO
        raise BadInput(
            f"隐私开销要在 {least:g} 到 {most:g} 之间",
            en=f"epsilon must lie in {least:g}..{most:g}",
            remedy_zh="越小越保护个人，数字也越不准；常用 0.1 到 1",
            remedy_en="less protects more and is less exact; 0.1 to 1 is usual",
            code="E_EPSILON",
        )
    return price


def _spent(budget: Budget, price: int) -> BudgetSpent:
    left = budget.left_micro / MICRO
    return BudgetSpent(
        f"{budget.year} 年的隐私预算只剩 {left:g}，这次要 {price / MICRO:g}",
        en=f"{left:g} of the privacy budget of {budget.year} is left, this costs {price / MICRO:g}",
        remedy_zh=f"把开销降到 {left:g} 以下，或用已经发布过的结果；明年有新预算"
        if left >= LEAST_EPSILON_MICRO / MICRO
        else "用已经发布过的结果；明年有新预算",
        remedy_en="lower epsilon, use what has been released, or wait for next year's budget",
    )


def _differs(budget: Budget) -> BudgetDiffers:
    return BudgetDiffers(
        f"{budget.year} 年的预算、发布和留痕对不上，停止发布",
        en=f"budget, releases and log of {budget.year} disagree; nothing is released",
        remedy_zh="请审计员运行 leye trust verify，查清是谁改过库，或者恢复了旧库",
        remedy_en="an auditor runs leye trust verify to find out who changed the database, or put back an older one",
    )
