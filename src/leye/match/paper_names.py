"""One name a paper, however a résumé, a form or an advert writes it: 会计证 and 会计证书 must meet, or the hard gate turns people away."""

from __future__ import annotations

import re
from functools import cache

from leye.match.fold import fold
from leye.match.resumes.papers import certificates

_LICENCE = re.compile(r"(?:机动车)?(?:驾驶证|驾照)?([abc][1-4])(?:类|型)?(?:本|照|证|驾照|驾驶证|驾驶执照)?")


@cache
def paper_name(written: str) -> str:
    """The name in `packs/resumes/certificates.csv`, a driving licence as `C1驾照`; what neither knows stays as written.

    >>> paper_name("会计证书"), paper_name("驾驶证C1"), paper_name("护苗证")
    ('会计从业资格证', 'C1驾照', '护苗证')
    """
    folded = fold(written.strip())
    found = certificates().get(folded) or certificates().get(folded.removesuffix("书"))
    licence = _LICENCE.fullmatch(folded.lower())
    return found or (f"{licence[1].upper()}驾照" if licence else written)
