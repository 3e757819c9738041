"""Which complete subtrees a root or a proof is made of.

A node is (height, position): the subtree over 2^height leaves from leaf position·2^height on.

Every entry of a proof is a list of nodes, left to right, joined right to left; more than one only at the tree's ragged right edge.
"""

from __future__ import annotations

from typing import TypeAlias

Node: TypeAlias = tuple[int, int]


def cover(start: int, stop: int) -> list[Node]:
    """Complete subtrees over leaves start … stop - 1, largest first; start is a multiple of the largest.

    >>> cover(0, 7)
    [(2, 0), (1, 2), (0, 6)]
    """
    nodes = []
    left = stop - start
    while left:
        height = left.bit_length() - 1
        nodes.append((height, start >> height))
        start += 1 << height
        left -= 1 << height
    return nodes


def inclusion_path(index: int, size: int) -> list[list[Node]]:
    """Entries of PATH(index, D[size]) of RFC 6962 §2.1.1, leaf to root. 0 <= index < size."""
    return _path(0, index, size)


def consistency_path(old: int, new: int) -> list[list[Node]]:
    """Entries of PROOF(old, D[new]) of RFC 6962 §2.1.2. 0 < old <= new.

    The proof is the way from the last complete subtree of the old tree to the new root, with that subtree itself in front unless it is the old tree.
    """
    if old == new:
        return []
    height = (old & -old).bit_length() - 1
    position = (old - 1) >> height
    way = _path(height, position, new)
    return way if position == 0 else [[(height, position)], *way]


def _path(height: int, position: int, size: int) -> list[list[Node]]:
    """From a complete subtree to the root of the tree of `size` leaves."""
    inner = (position ^ ((size - 1) >> height)).bit_length()  # so many levels until the way runs along the right edge
    entries: list[list[Node]] = []
    for step in range(inner):
        beside = (position >> step) ^ 1
        at = height + step
        entries.append(cover(beside << at, size) if step == inner - 1 else [(at, beside)])
    position >>= inner
    at = height + inner
    while position:
        if position & 1:
            entries.append([(at, position - 1)])
        position >>= 1
        at += 1
    return entries
