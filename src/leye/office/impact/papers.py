"""A review as parts of the office's papers, from what is stored: nothing is computed anew."""

from __future__ import annotations

from leye.kernel.codes import industries, occupations, region_name
from leye.office.impact.models import ProjectReview, State
from leye.office.reports.content import Block, Report, Section, Span, Table, said
from leye.office.reports.docx_file import write_docx
from leye.office.reports.figures_zh import instant_zh

SEVERITY_ZH = {"note": "说明", "attention": "注意", "serious": "严重"}
GRADE_ZH = {"light": "影响小", "conditions": "附条件", "serious": "先专题论证"}


def report_of(review: ProjectReview, *, is_city: bool) -> Report:
    """The review with who wrote and who signed it."""
    p, found = review.project, review.assessment
    signed = f" · {review.signed_by} 签署于 {instant_zh(review.signed_at)}，留痕第 {review.leaf_index} 号" if review.signed_at else ""
    origin = f"{State(review.state).label} · {review.made_by} 填写于 {instant_zh(review.made_at)}{signed} · 内容指纹 {review.body_sha256[:12]}"
    place = f"{region_name(p['region'])}，{industries()[p['section']].name}，{p['starts']} 开工"
    head = [f"单位：{review.firm}；{place}", f"结论：{GRADE_ZH[found['grade']]}；岗位净变化 {found['net_low']:+d} 到 {found['net_high']:+d}"]
    head += [
        f"受影响程度：新增岗位 {_span(found['exposure_created'])}，减少岗位 {_span(found['exposure_displaced'])}（三个来源的范围，不是失业的可能）"
    ]
    reasons: tuple[Block, ...] = tuple(said(f"{SEVERITY_ZH[f['severity']]}：{f['zh']}（{f['basis']}）") for f in found["findings"])
    return Report(
        title=f"就业影响评估：{review.name}", run_id=review.run_id or review.body_sha256[:12], month=str(p["starts"]),
        published_at=instant_zh(review.made_at), is_city=is_city, origin=origin,
        sections=(
            Section("结论", tuple(said(line) for line in head)), Section("理由", reasons or (said("没有规则提出意见。"),)),
            Section("岗位", (_jobs(review),)), Section("跟踪", (_counts(review),)),
        ),
    )  # fmt: skip


def docx_of(review: ProjectReview, *, is_city: bool, site: str) -> bytes:
    """The review as a Word file."""
    return write_docx(report_of(review, is_city=is_city), site=site, pictures={})


def _jobs(review: ProjectReview) -> Table:
    lines = [("新增", r) for r in review.project["created"]] + [("减少", r) for r in review.project["displaced"]]
    rows = [(kind, f"{r['occupation']} {occupations()[r['occupation']].name}", f"{r['heads']:,}") for kind, r in lines]
    rows.append(("转岗培训", "减少的人里有转岗安排的", f"{review.project['retrained']:,}"))
    return Table("岗位", ("类别", "职业", "人数"), tuple(tuple(Span(c) for c in row) for row in rows), frozenset({2}))


def _counts(review: ProjectReview) -> Block:
    counts = list(review.counts.all())
    if not counts:
        return said("还没有跟踪记录。")
    rows = [(str(c.on), f"{c.created:,}", f"{c.displaced:,}", f"{c.retrained:,}", c.source) for c in counts]
    return Table("实有岗位", ("日期", "新增", "减少", "转岗", "依据"), tuple(tuple(Span(c) for c in row) for row in rows), frozenset({1, 2, 3}))


def _span(span: list[float] | None) -> str:
    return f"{span[0]:.2f}–{span[2]:.2f}" if span else "未知"
