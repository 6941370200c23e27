"""The shape of every item type: what may stand under `item:` in an ask cell's header, and its `solution:`."""

from __future__ import annotations

from onefunnel.lessons.items_chosen import BestWorst, Claim, Hotspot, Match, Matrix, Order, Sort, TwoTier
from onefunnel.lessons.items_computed import FreeText, Number, Predict, Target, Tiles
from onefunnel.lessons.items_decided import Allocate, Rules
from onefunnel.lessons.specs import Item

TYPES: dict[str, type[Item]] = {
    "predict": Predict,
    "number": Number,
    "tiles": Tiles,
    "two_tier": TwoTier,
    "order": Order,
    "claim": Claim,
    "match": Match,
    "sort": Sort,
    "matrix": Matrix,
    "hotspot": Hotspot,
    "target": Target,
    "best_worst": BestWorst,
    "rules": Rules,
    "allocate": Allocate,
    "text": FreeText,
}
