"""`leye match`: occupations, parsers, ranking, allocation."""

from __future__ import annotations

import typer

from leye.cli.match_allocate import allocate
from leye.cli.match_code import code, train_codes
from leye.cli.match_learn import learn
from leye.cli.match_load_zhilian import load_zhilian
from leye.cli.match_moves import moves
from leye.cli.match_parse_jobs import parse_jobs
from leye.cli.match_parse_resumes import parse_resumes
from leye.cli.match_radar import radar
from leye.cli.match_rank import rank
from leye.cli.match_train_resumes import train_resumes

app = typer.Typer(help="匹配：职业编码、岗位和简历解析、排序、分配 / occupations, parsers, ranking, allocation", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """匹配：职业编码、岗位和简历解析、排序、分配。Occupations, parsers, ranking, allocation."""


app.command("code")(code)
app.command("train-codes")(train_codes)
app.command("parse-jobs")(parse_jobs)
app.command("parse-resumes")(parse_resumes)
app.command("train-resumes")(train_resumes)
app.command("rank")(rank)
app.command("learn")(learn)
app.command("load-zhilian")(load_zhilian)
app.command("allocate")(allocate)
app.command("moves")(moves)
app.command("radar")(radar)
