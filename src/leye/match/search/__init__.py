"""Job search for everybody: one line read into a wish, filters first, then exact text scores; reasons that cite facts of the advert."""

from leye.match.search.look import Asked, Found, Hit, JobBank
from leye.match.search.wish import Wish, read_wish

__all__ = ["Asked", "Found", "Hit", "JobBank", "Wish", "read_wish"]
