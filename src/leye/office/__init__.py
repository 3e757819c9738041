"""The running institution: accounts, alerts, outbox, jobs, and the nightly that introduces the rooms to each other.

Writes are plain functions in `actions.py`; reads in `queries.py`. Pages, API and command line call these, never models.
"""
