"""Occupation coder: a job title to 7-digit codes of 职业分类大典 2022, with a probability that can be relied on, or a question to the person."""
