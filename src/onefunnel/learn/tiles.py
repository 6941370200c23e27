"""Formulas built from tiles: won ÷ ( won + lost ). Parsed by hand into a tree; nothing a learner types is executed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from onefunnel.errors import Problem

OPERATORS = ("+", "−", "×", "÷", "(", ")", "1")
LONGEST = 60  # tiles in one formula; the deepest solution in the lessons needs a dozen
_SAME = {"-": "−", "–": "−", "*": "×", "·": "×", "/": "÷", ":": "÷"}
_SIGNS = "+−×÷"


class Broken(Problem):
    """A formula that cannot be read yet; the message says what to put where."""


class Sum(NamedTuple):
    """Two parts and the sign between them."""

    sign: str
    left: Tree
    right: Tree


Tree = Sum | str


def parse(formula: Sequence[object], known: Sequence[str]) -> Tree:
    """Return the tree of a formula; × and ÷ bind before + and −, brackets before both.

    Raises Broken with a sentence for the learner when it is no formula of the known tiles.
    """
    if len(formula) > LONGEST:
        raise Broken(f"your formula has {len(formula)} tiles; {LONGEST} are the most. A short one will do.")
    tiles = [_SAME.get(tile, tile) if isinstance(tile, str) else "" for tile in formula]
    if not tiles:
        raise Broken("your formula is empty: choose the first tile.")
    for tile in tiles:
        if tile not in OPERATORS and tile not in known:
            raise Broken(f"there is no tile “{str(tile)[:30]}” in this question: take it out.")
    reader = _Reader(tiles)
    tree = reader.sum()
    if reader.here == ")":
        raise Broken("one “)” has no “(” before it: take it out or open it earlier.")
    if reader.here:
        raise Broken("two numbers stand side by side: put + − × or ÷ between them.")
    return tree


class _Reader:
    """Reads tiles from left to right; each method reads one level of binding."""

    def __init__(self, tiles: list[str]) -> None:
        self.tiles, self.at = tiles, 0

    @property
    def here(self) -> str:
        return self.tiles[self.at] if self.at < len(self.tiles) else ""

    def sum(self) -> Tree:
        return self._chain("+−", self.product)

    def product(self) -> Tree:
        return self._chain("×÷", self.part)

    def _chain(self, signs: str, below: Callable[[], Tree]) -> Tree:
        tree = below()
        while self.here and self.here in signs:
            sign = self.here
            self.at += 1
            tree = Sum(sign, tree, below())
        return tree

    def part(self) -> Tree:
        tile = self.here
        before = self.tiles[self.at - 1] if self.at else ""
        if not tile:
            raise Broken(f"the formula ends with “{before}”: put a number behind it.")
        if tile in _SIGNS:
            if before and before in _SIGNS:
                raise Broken(f"“{before}” and “{tile}” stand side by side: put a number between them.")
            raise Broken(f"“{tile}” needs a number on its left.")
        if tile == ")":
            raise Broken("there is nothing inside “( )”, or a sign is waiting for a number before the “)”.")
        self.at += 1
        if tile != "(":
            return tile
        tree = self.sum()
        if self.here == "":
            raise Broken("one “(” is never closed: add a “)”.")
        if self.here != ")":
            raise Broken("two numbers stand side by side: put + − × or ÷ between them.")
        self.at += 1
        return tree


def evaluate(tree: Tree, values: Mapping[str, float]) -> float:
    """Return the formula's value; dividing by zero gives NaN."""
    if isinstance(tree, str):
        return 1.0 if tree == "1" else float(values[tree])
    left, right = evaluate(tree.left, values), evaluate(tree.right, values)
    match tree.sign:
        case "+":
            return left + right
        case "−":
            return left - right
        case "×":
            return left * right
        case _:
            return left / right if right else math.nan


def leaves(tree: Tree) -> set[str]:
    """Return the tiles with a number behind them that a formula uses."""
    if isinstance(tree, str):
        return set() if tree == "1" else {tree}
    return leaves(tree.left) | leaves(tree.right)


def spell(formula: Sequence[str], names: Mapping[str, str]) -> str:
    """Write a formula for people, each tile by its name (or number): "won ÷ ( won + lost )"."""
    return " ".join(names.get(tile, _SAME.get(tile, tile)) for tile in formula)
