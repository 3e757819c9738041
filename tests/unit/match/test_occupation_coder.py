"""Coding with the shipped model: answers anyone would give, questions where it cannot know, corrections, entries, equal bytes in any order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from leye.kernel.errors import BadInput
from leye.match.occupations.candidates import Candidates
from leye.match.occupations.coder import NO_TITLE, code_titles
from leye.match.occupations.corrections import NEAR_AGREE, Override
from leye.match.occupations.features import Space
from leye.match.occupations.heads import BAYES_ALPHA, RIDGE, Ridge, bayes, nearest_name, ridge
from leye.match.occupations.model import Model, load, shipped_model
from leye.match.occupations.newcomers import Advert, newcomers
from leye.match.occupations.second_stage import SecondStage, fit, softmax
from leye.match.occupations.softmax_head import PENALTY, SILENT, fit_softmax, softmax_scores
from leye.match.occupations.table import newest_month, table_of
from leye.match.occupations.training import Texts, abstain_below

PLAIN = [
    ("电焊工", "6180204"),
    ("外卖骑手", "4100801"),
    ("厨师", "4030201"),
    ("Java开发工程师", "2021003"),
    ("出納會計", "2060300"),
    ("保安", "4070501"),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped_model()


@pytest.mark.parametrize(("title", "code"), PLAIN)
def test_plain_titles(model: Model, title: str, code: str) -> None:
    coded = code_titles([title], model, table_of(newest_month()))[0]
    assert coded.answers[0].code == code and not coded.abstain and len(coded.answers) == 5
    assert sum(a.p for a in coded.answers) <= 1.0 + 1e-6 and [a.p for a in coded.answers] == sorted((a.p for a in coded.answers), reverse=True)


def test_what_it_cannot_know_it_asks(model: Model) -> None:
    coded = code_titles(["东一二三"], model, table_of(newest_month()))[0]
    assert coded.abstain and coded.question.startswith("平时主要做的是哪一种")


@pytest.mark.parametrize("title", ["", "   ", "<script>alert(1)</script>", "！！！"])
def test_no_readable_title_has_no_answer(model: Model, title: str) -> None:
    coded = code_titles([title], model, table_of(newest_month()))[0]
    assert (coded.answers, coded.abstain, coded.question) == ((), True, NO_TITLE)


def test_order_company_and_copies_change_nothing(model: Model) -> None:
    titles = ["焊工", "会计", "美团骑手", "产品经理", "店长", ""]
    table = table_of(newest_month())
    one = {t: code_titles([t], model, table)[0] for t in titles}
    assert code_titles(titles, model, table) == [one[t] for t in titles]
    assert code_titles(titles[::-1], model, table) == [one[t] for t in titles[::-1]]
    assert set(code_titles(["焊工"] * 10_000, model, table)) == {one["焊工"]}


def test_a_correction_comes_first_from_its_month_on(model: Model) -> None:
    said = Override("焊工", "4030201", "2025-01", "人工更正")
    first = code_titles(["【急聘】焊工"], model, table_of("2025-02"), overrides=[said])[0]
    assert (first.answers[0].code, first.answers[0].p, first.source, first.abstain) == ("4030201", 1.0, "correction", False)
    assert code_titles(["焊工"], model, table_of("2024-12"), overrides=[said])[0].answers[0].code == "6180204"
    later = Override("焊工", "6180204", "2025-03", "再更正")
    assert code_titles(["焊工"], model, table_of("2025-04"), overrides=[later, said])[0].answers[0].note == "再更正"


def test_a_correction_draws_near_equal_titles(model: Model) -> None:
    table, said = table_of("2025-02"), Override("手工铜锣烧师傅", "6020101", "2025-01", "人工更正")
    near, far = code_titles(["手工铜锣烧师傅长", "面点师"], model, table, overrides=[said])
    plain = code_titles(["手工铜锣烧师傅长", "面点师"], model, table)
    assert (near.answers[0].code, near.source) == ("6020101", "correction") and near.answers[0].p >= NEAR_AGREE
    assert "铜锣烧" in near.answers[0].note and sum(a.p for a in near.answers) <= 1.0 + 1e-6
    assert far == plain[1], "an unlike title is left alone"
    assert code_titles(["手工铜锣烧师傅长"], model, table_of("2024-12"), overrides=[said])[0] == plain[0], "not before its month"
    twin = Override("手工铜锣烧师傅长", "4030202", "2025-01", "")
    both = [code_titles(["手工铜锣烧师傅长们"], model, table, overrides=o)[0] for o in ([said, twin], [twin, said])]
    assert both[0] == both[1] and both[0].answers[0].code == "4030202", "the likest one counts, in any order"


def test_an_occupation_published_later_is_answered_by_its_minor_group(model: Model) -> None:
    before, after = (code_titles(["网络主播"], model, table_of(m))[0] for m in ("2024-06", "2024-08"))
    assert before.source == "model" and after.source == "entry"
    assert after.answers[0].code == "4130100" and "网络主播" in after.answers[0].note


def test_a_broken_model_is_refused_by_name(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "m.npz"
    for content in (b"", b"not a model", b"PK\x03\x04broken"):
        file.write_bytes(content)
        with pytest.raises(BadInput) as refused:
            load(file)
        assert refused.value.code == "E_MODEL"
    np.savez(file, about=np.frombuffer(b'{"form": 99}', np.uint8))
    with pytest.raises(BadInput, match="另一种格式"):
        load(file)


def test_softmax_over_stretches_against_the_slow_way() -> None:
    scores, starts = np.array([1.0, 2.0, 0.5, 700.0, -700.0]), np.array([0, 2, 3])
    slow = np.concatenate([np.exp(s - s.max()) / np.exp(s - s.max()).sum() for s in np.split(scores, starts[1:])])
    assert np.allclose(softmax(scores, starts), slow)


def test_the_second_stage_learns_which_candidate_is_right() -> None:
    rng = np.random.default_rng(5)
    title, klass = np.repeat(np.arange(200, dtype=np.int32), 4), np.tile(np.arange(4, dtype=np.int32), 200)
    x = rng.normal(size=(800, 2)).astype(np.float32)
    truth = np.array([int(np.argmax(x[4 * t : 4 * t + 4, 0])) for t in range(200)], np.int32)
    stage = fit(Candidates(title, klass, x), truth)
    assert stage.weights[0] > 5 * abs(stage.weights[1])
    p = SecondStage(stage.weights, stage.mean, stage.spread, 1.0, 0.9).probabilities(Candidates(title, klass, x))
    assert np.allclose(np.add.reduceat(p, np.arange(0, 800, 4)), 0.9)


ABSTAIN = [
    ([0.9, 0.8, 0.3], [True, True, False], 0.9, 0.8, "the last good one"),
    ([0.9, 0.8, 0.3], [True, True, False], 0.6, 0.3, "all are good enough together"),
    ([0.9, 0.8], [False, False], 0.5, 1.0, "never sure: always ask"),
]


@pytest.mark.parametrize(("p", "right", "wish", "below", "why"), ABSTAIN, ids=[a[-1] for a in ABSTAIN])
def test_from_which_probability_on_it_answers(p: list[float], right: list[bool], wish: float, below: float, why: str) -> None:
    assert abstain_below(np.array(p), np.array(right), wish) == below


def test_candidates_of_new_occupations() -> None:
    def ads(month: str, n: int, firms: int, clean: str = "数字人驯化师", is_unsure: bool = True) -> list[Advert]:
        return [Advert(month, f"F{i % firms}", clean, is_unsure) for i in range(n)]

    rising = ads("2025-06", 1, 3) + ads("2025-07", 2, 3) + ads("2025-08", 5, 3)
    found = newcomers(rising, "2025-08")
    assert [(n.name, n.counts, n.employers) for n in found] == [("数字人驯化师", (1, 2, 5), 3)]
    assert newcomers(rising, "2025-09") == [], "it does not rise any more"
    assert newcomers(ads("2025-06", 1, 2) + ads("2025-07", 2, 2) + ads("2025-08", 5, 2), "2025-08") == [], "two employers are too few"
    sure = [Advert(a.month, a.employer, a.clean, False) for a in rising]
    assert newcomers(sure, "2025-08") == [], "a title that the coder is sure of is not new"
    assert newcomers(reversed(rising), "2025-08") == found


def small() -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    cleans = ["电焊工", "焊工学徒", "会计", "财务会计", "厨师", "中餐厨师长", "焊工师傅", "成本会计"]
    return Space.of(cleans).rows(cleans), np.array([0, 0, 1, 1, 2, 2, 0, 1], np.int32), np.array([1, 1, 1, 0.3, 1, 1, 0.2, 1], np.float32)


def test_bayes_is_that_of_scikit_learn() -> None:
    from sklearn.naive_bayes import ComplementNB

    rows, classes, weights = small()
    sparse_part, logs = bayes(rows, classes, weights, 3)
    ours = (rows @ sparse_part).toarray() + np.asarray(rows.sum(axis=1)) * logs
    theirs = ComplementNB(alpha=BAYES_ALPHA).fit(rows, classes, sample_weight=weights)._joint_log_likelihood(rows)
    assert np.allclose(ours - ours.mean(axis=1, keepdims=True), theirs - theirs.mean(axis=1, keepdims=True), atol=2e-2)


def test_ridge_is_the_minimum_of_its_loss() -> None:
    rows, classes, weights = small()
    found = ridge(rows, classes, weights, 3)
    x, w, y = rows.toarray().astype(float), np.diag(weights.astype(float)), np.eye(3)[classes]
    assert np.allclose(found, np.linalg.solve(x.T @ w @ x + RIDGE * np.eye(x.shape[1]), x.T @ w @ y), atol=1e-4)


def test_titles_taken_out_of_a_solved_ridge_leave_no_trace() -> None:
    rows, classes, weights = small()
    out = np.array([True, False, True, False, False])
    kept = np.array([1, 3, 4, 5, 6, 7])
    x, w, y = rows.toarray().astype(float)[kept], np.diag(weights.astype(float)[kept]), np.eye(3)[classes[kept]]
    found = Ridge.of(rows, classes, weights, 3, 5).without(out)
    assert np.allclose(found, np.linalg.solve(x.T @ w @ x + RIDGE * np.eye(x.shape[1]), x.T @ w @ y), atol=1e-4)


def test_the_multinomial_head_is_at_the_minimum_of_its_loss_and_silent_on_the_unknown() -> None:
    rows, classes, weights = small()
    found, bias = fit_softmax(rows, classes, weights, 5)
    used, share = np.bincount(rows.indices, minlength=rows.shape[1]) > 1, weights / weights.sum()

    def loss(w: np.ndarray, b: np.ndarray) -> float:
        scores = rows.toarray()[:, used] @ w[used][:, :3] + b[:3]
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return float(PENALTY * (w**2).sum() / 2 - share @ logs[np.arange(8), classes])

    start = loss(np.zeros_like(found), np.zeros(5))
    assert loss(found, bias) < 0.05 * start and not found[~used].any() and not found[:, 3:].any()
    scores = softmax_scores(rows, sparse.csr_matrix(found), bias)
    assert (scores[:, 3:] == SILENT).all() and np.allclose(np.exp(scores[:, :3]).sum(axis=1), 1, atol=1e-4)
    assert (scores.argmax(axis=1) == classes).all()


def test_the_nearest_name_against_the_slow_way() -> None:
    rows, classes, _weights = small()
    order = np.argsort(classes, kind="stable")
    found = nearest_name(rows, rows[order].T.tocsr(), classes[order], 4)
    likeness = (rows @ rows.T).toarray()
    assert np.allclose(found[:, :3], np.stack([likeness[:, classes == k].max(axis=1) for k in range(3)], axis=1))
    assert not found[:, 3].any(), "a class without a name is like nothing"


def test_heads_for_the_second_stage_know_no_title_in_use() -> None:
    """Their writer had read labels: left out, they are as if they had never been written."""
    rng = np.random.default_rng(5)
    rows, names = (sparse.csr_matrix(rng.random((n, 12)) * (rng.random((n, 12)) < 0.4), dtype=np.float32) for n in (10, 6))
    truth, of_name = np.arange(10, dtype=np.int32) % 3, np.array([0, 0, 1, 1, 2, 2], np.int32)
    given = np.array([True, False] * 3)
    texts = Texts(rows, truth, names, of_name, ("official", "in_use") * 3, 3)
    out = np.arange(10) < 3
    without = Texts(rows, truth, names[given], of_name[given], ("official",) * 3, 3).heads(out).scores(rows[out])
    for head, values in texts.only(given).heads(out).scores(rows[out]).items():
        assert np.array_equal(values, without[head]), head
    assert not np.array_equal(texts.heads(out).scores(rows[out])["names"], without["names"])
