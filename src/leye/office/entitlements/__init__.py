"""From marks to people: the counsellor's list, own pages, claims and payments, answers that fill what is unknown."""
