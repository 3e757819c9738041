"""Telling people: notices from the rule, a roll-out by lottery, what it brought, and payments made twice."""
