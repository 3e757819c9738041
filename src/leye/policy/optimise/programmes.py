"""The file of programmes: which discretionary programmes compete, what a place costs, who may have two, which groups count, floors and quotas.

```yaml
programmes:
  - id: internship            # a policy of the rule packs that is `discretionary: true`; its name in the history too
    cost_fen: 900000          # of a place; without it amount times months of the mark
    places: 300               # at most, when given
  - {id: training_place, history: training, who: registered_unemployed, pays: employment_fund, cost_fen: 150000}   # another name than in the history
  - id: job_fair_voucher
    name: 招聘会交通补贴
    who: registered_unemployed  # for a programme that no rule pack has: condition in the rule language, and the fund;
                                # over sex, age, hukou or disability only with `basis: the clause that asks for it`
    pays: employment_fund
    cost_fen: 30000
    override: {reason: 市政府已承诺本年举办, by: 王某}   # placed although there is no evidence of an effect
compatible: [[training, job_fair_voucher]]
covariates:                   # how PEOPLE tell what the history calls by that name
  months_unemployed: {is: months_since(registered_unemployed_since), zh: 登记失业月数, unit: months}
groups: {single_parent: …}    # conditions, beside the built-in ones
floors: [{group: disabled, share: 0.08}, {group: women, share: eligible}]   # eligible: their share among those who may be placed
caps: [{group: graduates, share: 60%, of: [training]}]
quotas: [{region: CN-440605, at_least: 20, of: [internship]}]
```
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.expression import derived_of, facts_of
from leye.policy.facts import REGION
from leye.policy.grammar import parse
from leye.policy.located import Mapping, Text, Value
from leye.policy.optimise.conditions import scope_of
from leye.policy.optimise.protected import is_protected
from leye.policy.optimise.refusals import Discretion
from leye.policy.pack import FUNDS, PackSet, Policy

GROUPS = {
    "women": "sex == 'F'",
    "men": "sex == 'M'",
    "disabled": "disability_grade >= 1",
    "rural": "hukou_type == 'rural'",
    "graduates": "graduate",
    "hard_to_employ": "hard_to_employ",
    "dibao": "dibao",
    "veterans": "veteran",
    "youth": "age < 25",
    "older": "age >= 45",
}
"""Groups that floors, caps and reports may name without defining them."""
GROUPS_ZH = {
    "women": "女性",
    "men": "男性",
    "disabled": "残疾人",
    "rural": "农村户籍",
    "graduates": "高校毕业生",
    "hard_to_employ": "就业困难人员",
    "dibao": "低保对象",
    "veterans": "退役士兵",
    "youth": "25岁以下",
    "older": "45岁及以上",
}

OWN = "eligible"
"""As a share: that of the group among the people who may be placed."""


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme. who: condition in the rule language, "" for a policy of the packs · cost_fen: of a place, None for that of the mark ·
    history: its name in the history · override: reason and name of whoever places it without evidence, "" for nobody."""

    id: str
    name: str
    name_en: str
    pays: str
    who: str = ""
    cost_fen: int | None = None
    places: int | None = None
    history: str = ""
    override: str = ""
    override_by: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A floor, cap or quota. kind: floor_share | cap_share | at_least | at_most · group: name, or region:CN-… · share: None in a floor or cap is the
    group's own among those who may be placed · of: programmes, () for all."""

    kind: str
    group: str
    share: Fraction | None = None
    count: int | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covariate:
    """How PEOPLE tell what the history calls by a name: an expression, the words for it, its unit."""

    text: str
    zh: str = ""
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file says. groups: name -> condition, built-in ones included · covariates: by their name in the history."""

    programmes: tuple[Programme, ...]
    compatible: tuple[tuple[str, ...], ...]
    covariates: dict[str, Covariate]
    groups: dict[str, str]
    rules: tuple[Rule, ...]

    def with_rules(self, rules: Iterable[Rule]) -> Plan:
        """The plan with more rules. Raises BadInput (E_UNKNOWN_NAME) for a group that nobody defined."""
        added = tuple(rules)
        for rule in added:
            if not rule.group.startswith("region:") and rule.group not in self.groups:
                raise _unknown(rule.group, sorted(self.groups), Place())
        return replace(self, rules=(*self.rules, *added))

    @property
    def in_history(self) -> tuple[str, ...]:
        """Names of the programmes in the history."""
        return tuple(dict.fromkeys(p.history for p in self.programmes))

    def by_id(self, name: str) -> Programme:
        """A programme by id; KeyError when there is none."""
        return {p.id: p for p in self.programmes}[name]


def read_plan(body: Value, packs: PackSet) -> Plan:
    """The plan in a located YAML document. Raises BadInput with file and line (E_PACK_FORM, E_ENTITLEMENT, E_UNKNOWN_NAME)."""
    top = fields.mapping(body, "programmes", body.place)
    rows = [fields.mapping(v, "programmes", top.place) for v in fields.sequence(top.get("programmes"), "programmes", top.place)]
    if not rows:
        raise fields.refuse("没有列出项目", "no programmes are listed", top.place, "在 programmes 下列出项目", "list them under `programmes`")
    programmes = tuple(_programme(row, packs) for row in rows)
    _once(programmes, top)
    known = {p.id for p in programmes}
    bundles = fields.sequence(top.get("compatible"), "compatible", top.place)
    compatible = tuple(_names(v, known, top) for v in bundles)
    rules = tuple(rule for key in ("floors", "caps", "quotas") for rule in _rules(top, key, known))
    own = {str(k): str(v) for k, v in _optional(top, "groups").items()}
    groups = GROUPS | own
    covariates = {str(k): _covariate(v, top) for k, v in _optional(top, "covariates").items()}
    return Plan(programmes, compatible, covariates, groups, ()).with_rules(rules)


def _programme(row: Mapping, packs: PackSet) -> Programme:
    name = str(fields.text(row, "id"))
    who = str(fields.text(row, "who", default=""))
    policy = packs.policies.get(name)
    if policy is not None and not policy.discretionary:
        raise _entitlement(policy, row.place)
    if who:
        _check_condition(name, who, row, packs, twice=policy is not None)
    elif policy is None:
        raise fields.refuse(
            f"规则包里没有政策“{name}”，也没有写 who",
            f"no policy {name!r} in the packs, and no `who`",
            row.place,
            "用规则包里的编号，或写 who 和 pays",
            "use an id of the packs, or give `who` and `pays`",
            code="E_UNKNOWN_NAME",
        )
    own = policy if not who else None
    pays = str(fields.text(row, "pays", default="" if own is None else own.pays))
    if pays not in FUNDS or pays == "none":
        raise fields.refuse(f"“{name}”的资金“{pays}”不对", f"{name} pays from no known fund: {pays!r}", row.place,
                            f"可选：{'、'.join(FUNDS[:-1])}", f"one of: {', '.join(FUNDS[:-1])}")  # fmt: skip
    override = _optional(row, "override")
    return Programme(
        name,
        str(fields.text(row, "name", default=name if own is None else own.name)),
        str(fields.text(row, "name_en", default=name if own is None else own.name_en)),
        pays,
        who,
        _whole(row, "cost_fen"),
        _whole(row, "places"),
        str(fields.text(row, "history", default=name)),
        str(fields.text(override, "reason")) if override else "",
        str(fields.text(override, "by")) if override else "",
    )


def _entitlement(policy: Policy, place: Place) -> Discretion:
    return Discretion(
        f"“{policy.name}”是法定权益，不参加优化：符合条件的人都应享受",
        en=f"{policy.id} is an entitlement and is never optimised: whoever meets the conditions gets it",
        remedy_zh="只列规则包里标为 discretionary 的项目",
        remedy_en="list only programmes that the pack marks as discretionary",
        places=(place,),
    )


def _check_condition(name: str, who: str, row: Mapping, packs: PackSet, *, twice: bool) -> None:
    """A condition of one's own: not beside that of a pack, and over protected attributes only with the clause that asks for it."""
    if twice:
        raise fields.refuse(f"“{name}”的条件已在规则包里，不能另写 who", f"the packs have the conditions of {name}; no `who` beside them", row.place,
                            "删去 who，或换一个编号", "remove `who`, or take another id")  # fmt: skip
    node = parse(who, scope_of(packs), wants="bool")
    named = sorted(n for n in facts_of(node) | derived_of(node) if is_protected(n))
    if named and not fields.text(row, "basis", default=""):
        raise fields.refuse(
            f"“{name}”的条件用到受保护的属性 {'、'.join(named)}，没有写依据",
            f"the condition of {name} reads the protected attributes {', '.join(named)} and names no clause",
            row.place,
            "写 basis: 哪部法律法规第几条要求按它区分，或改用别的条件",
            "give `basis:` with the clause that asks for it, or use another condition",
            code="E_PROTECTED",
        )


def _covariate(value: Value, top: Mapping) -> Covariate:
    if isinstance(value, Text):
        return Covariate(str(value))
    row = fields.mapping(value, "covariates", top.place)
    return Covariate(str(fields.text(row, "is")), str(fields.text(row, "zh", default="")), str(fields.text(row, "unit", default="1")))


def _rules(top: Mapping, key: str, known: set[str]) -> list[Rule]:
    rules: list[Rule] = []
    for value in fields.sequence(top.get(key), key, top.place):
        row = fields.mapping(value, key, top.place)
        of = _names(row["of"], known, row) if "of" in row else ()
        group = f"region:{_region(row)}" if "region" in row else str(fields.text(row, "group"))
        if key == "quotas":
            kinds = [k for k in ("at_least", "at_most") if k in row]
            rules.extend(Rule(k, group, None, _whole(row, k), of) for k in kinds)
            if not kinds:
                raise fields.refuse("指标没有写 at_least 或 at_most", "a quota without at_least or at_most", row.place, "写上人数", "give a number")
        else:
            rules.append(Rule("floor_share" if key == "floors" else "cap_share", group, share_of(fields.text(row, "share")), None, of))
    return rules


def share_of(text: str) -> Fraction | None:
    """A share as written: 0.08, 8% or 2/25; None for `eligible`, the group's own share among those who may be placed. Raises BadInput (E_SHARE)."""
    if text == OWN:
        return None
    try:
        share = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if 0 <= share <= 1:
        return share
    place = text.place if isinstance(text, Text) else Place()
    raise fields.refuse(
        f"“{text}”不是 0 到 1 的比例", f"{text!r} is no share within 0 and 1", place, "8% 写作 0.08", "write 8% as 0.08", code="E_SHARE"
    )


def _region(row: Mapping) -> str:
    found = fields.text(row, "region")
    name = f"CN-{found}" if found.isdigit() else str(found)
    if REGION.match(name) is None:
        raise fields.refuse(f"“{found}”不是地区", f"{found!r} is no region", found.place, "写成 CN-440305", "write CN-440305", code="E_REGION")
    return name


def _names(value: Value, known: set[str], parent: Mapping) -> tuple[str, ...]:
    names = tuple(str(v) for v in fields.sequence(value, "of", parent.place))
    for name in names:
        if name not in known:
            raise _unknown(name, sorted(known), parent.place)
    return names


def _optional(parent: Mapping, key: str) -> Mapping:
    return fields.mapping(parent[key], key, parent.place) if key in parent and not fields.is_empty(parent[key]) else Mapping()


def _whole(row: Mapping, key: str) -> int | None:
    found = fields.optional_whole(row, key)
    if found is not None and found < 0:
        raise fields.refuse(f"{key} 不能为负：{found}", f"{key} must not be negative: {found}", row.place, "检查符号", "check the sign")
    return found


def _once(programmes: tuple[Programme, ...], top: Mapping) -> None:
    names = [p.id for p in programmes]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice or "none" in names:
        raise fields.refuse(f"项目编号写了两次，或用了 none：{'、'.join(twice)}", f"programme ids twice, or `none`: {', '.join(twice)}", top.place,
                            "每个项目一个编号", "one id a programme")  # fmt: skip


def _unknown(name: str, known: list[str], place: Place) -> BadInput:
    may = f"可选：{'、'.join(known)}", f"one of: {', '.join(known)}"
    return fields.refuse(f"不认识“{name}”", f"{name!r} is not known", place, *may, code="E_UNKNOWN_NAME")
