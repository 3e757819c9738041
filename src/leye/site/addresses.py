"""Addresses whose parts need quoting: series ids hold slashes and travel as one quoted piece."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def series_url(unique_id: str, **query: str) -> str:
    """Page of a series.

    >>> series_url("postings/440600/H/all/all")
    '/series/postings%2F440600%2FH%2Fall%2Fall'
    """
    return f"/series/{quote(unique_id, safe='')}" + (f"?{urlencode(query)}" if query else "")


def with_query(path: str, **query: object) -> str:
    """The path with a query, or with more of one; empty values are left out."""
    kept = {k: v for k, v in query.items() if v not in ("", None)}
    return f"{path}{'&' if '?' in path else '?'}{urlencode(kept)}" if kept else path


def indicator_url(key: str, *, csv: bool = False, chart: bool = False, **query: str) -> str:
    """Page of a series of the indicator store, or its table or chart.

    >>> indicator_url("claims/440600/all/all/all/M/nsa/city", csv=True)
    '/indicators/claims%2F440600%2Fall%2Fall%2Fall%2FM%2Fnsa%2Fcity.csv'
    """
    ending = ".csv" if csv else ".chart" if chart else ""
    return f"/indicators/{quote(key, safe='')}{ending}" + (f"?{urlencode(query)}" if query else "")
