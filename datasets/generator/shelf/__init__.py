"""Shops with a scanner, premium doors, and what people say about a price: sell-in, sell-out, returns, price answers."""

from __future__ import annotations

from generator.shelf.add import add

__all__ = ["add"]
