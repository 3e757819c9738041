"""What the room refuses, each with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, NotFound


def unknown_occupation(code: str) -> NotFound:
    """A code that the classification does not have."""
    return NotFound(
        f"职业分类大典 2022 里没有代码 {code}",
        en=f"the 2022 classification has no occupation {code}",
        remedy_zh="写 7 位代码，例如 2060300（会计专业人员）；用 leye match code 可以从名称查代码",
        remedy_en="give 7 digits, such as 2060300 (accountants); leye match code finds the code of a title",
        code="E_OCCUPATION_UNKNOWN",
    )


def source_missing(file: str) -> BadInput:
    """A raw file of a source is not in the folder."""
    return BadInput(
        f"文件夹里没有 {file}",
        en=f"the folder has no {file}",
        remedy_zh="给出放着三个来源原始文件的文件夹（见 docs/reference/impact.md）",
        remedy_en="give the folder with the raw files of the three sources (docs/reference/impact.md)",
        code="E_EXPOSURE_SOURCE",
    )


def source_changed(file: str, found: str) -> BadInput:
    """A raw file is another one than the pack names."""
    return BadInput(
        f"{file} 的哈希是 {found[:12]}…，与 packs/impact/sources.yaml 写的不同",
        en=f"the hash of {file} is {found[:12]}…, not the one in packs/impact/sources.yaml",
        remedy_zh="核对来源；确要换版本，先改 sources.yaml 里的 sha256 和年份",
        remedy_en="check the source; to move to another version change sha256 and vintages in sources.yaml first",
        code="E_EXPOSURE_SOURCE",
    )


def no_counterpart(code: str, taxonomy: str, wanted: str) -> BadInput:
    """A row of the crosswalk names a class that the source does not have."""
    return BadInput(
        f"对照表里 {code} 写的 {taxonomy} {wanted} 在来源里找不到",
        en=f"the crosswalk's {taxonomy} {wanted} of {code} is in no source",
        remedy_zh="改 packs/impact/crosswalk.csv 这一行",
        remedy_en="mend the row in packs/impact/crosswalk.csv",
        code="E_CROSSWALK",
    )


def bad_project(zh: str, en: str) -> BadInput:
    """A project's form that cannot be assessed as it stands."""
    return BadInput(
        zh,
        en=en,
        remedy_zh="改这一项再评估；不知道的留空，不要填 0",
        remedy_en="mend this and assess again; leave blank what is unknown",
        code="E_PROJECT",
    )
