"""Answer keys that can lie beside a notebook without saying the answer at a glance.

The builder calls `seal` on an item as its author wrote it; scoring compares digests. This keeps an honest reader from
seeing the key by accident. It is not a secret: whoever can run Python can search the few options, and `simulate` does.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

_SECRET_FIELDS = frozenset(
    {"solution", "wrong_pairs", "wrong_rows", "wrong_formulas", "wrong_rules", "wrong_plans", "variants"}
)


def digest(lesson: str, item_id: str, *parts: object) -> str:
    """Return the 16 hexadecimal digits that stand for one keyed fact of one item."""
    text = "onefunnel:" + "/".join([lesson, item_id, *map(str, parts)])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def seal(lesson: str, item_id: str, source: Mapping[str, Any], steps: tuple[str, ...] = ()) -> dict[str, Any]:
    """Turn an authored item (with `solution` inside, also in its variants) into the built one (with `key`).

    `steps` are the playbook's step ids in order, the key of an order item with `rows_from: steps`.
    What would give the answer away (`solution`, what begins with `wrong_`, the `misconception` of an
    option) leaves the text; its digests go into `key`. A variant keeps the fields it changes, and its own key.
    """
    sealed = _seal(lesson, item_id, 0, source, steps)
    variants = []
    for number, changes in enumerate(source.get("variants") or (), start=1):
        whole = _seal(lesson, item_id, number, {**source, **changes}, steps)
        variants.append({field: whole[field] for field in (*changes, "key") if field in whole})
    if variants:
        sealed["variants"] = variants
    return sealed


def veil(value: Any) -> str:
    """Write a formula so that nobody reads it by accident (base64 of JSON); hint 3 and `simulate` need it back."""
    return base64.b64encode(json.dumps(value, ensure_ascii=False).encode("utf-8")).decode("ascii")


def unveil(text: str) -> Any:
    """Read what `veil` wrote."""
    return json.loads(base64.b64decode(text).decode("utf-8"))


def _seal(lesson: str, item_id: str, variant: int, source: Mapping[str, Any], steps: tuple[str, ...]) -> dict[str, Any]:
    def sign(*parts: object) -> str:
        return digest(lesson, item_id, variant, *parts)

    built = {field: value for field, value in source.items() if field not in _SECRET_FIELDS}
    solution, kind = source.get("solution") or {}, source["type"]
    key: dict[str, Any] = {}
    named = {sign("named", *place): name for place, name in _named(source)}
    if named:
        key["named"] = dict(sorted(named.items()))  # sorted by digest: the order of writing would tell
    if kind in ("two_tier", "claim", "match", "sort"):
        key["right"] = {place: sign("right", place, option) for place, option in solution.items()}
    elif kind == "order":
        order = solution.get("order") or list(steps)
        key["pairs"] = sorted(sign("pair", first, second) for first, second in _pairs(order))
    elif kind == "hotspot" and "pick" in solution:
        key["pick"] = sorted(sign("pick", option) for option in solution["pick"])
    elif kind == "best_worst":
        key["rank"] = [sign("rank", rank, option) for rank, option in enumerate(solution["ranking"])]
    elif kind in ("tiles", "number") and ("formula" in solution or source.get("wrong_formulas")):
        key["formulas"] = veil({"right": solution.get("formula"), "wrong": source.get("wrong_formulas") or {}})
    elif kind in ("rules", "allocate"):
        wrong = source.get("wrong_rules" if kind == "rules" else "wrong_plans") or {}
        key["examples"] = veil({"right": solution.get("rule", solution.get("plan")), "wrong": wrong})
    if key:
        built["key"] = key
    if "options" in built:
        built["options"] = [_without_misconception(option) for option in built["options"]]
    if "parts" in built:
        built["parts"] = [
            {**part, "options": [_without_misconception(option) for option in part["options"]]}
            for part in built["parts"]
        ]
    return built


def _named(source: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (where the wrong choice is, its misconception) for every keyed wrong choice of an authored item."""
    for option in source.get("options") or ():
        if option.get("misconception"):
            yield (option["id"],), option["misconception"]
    for part in source.get("parts") or ():
        for option in part["options"]:
            if option.get("misconception"):
                yield (part["id"], option["id"]), option["misconception"]
    for pair in source.get("wrong_pairs") or ():
        yield (pair["first"], pair["second"]), pair["misconception"]
    for row in source.get("wrong_rows") or ():
        yield (row["row"], row["option"]), row["misconception"]


def _pairs(order: list[str | list[str]]) -> Iterator[tuple[str, str]]:
    """Yield every (before, after) of an order whose inner lists tie; tied rows make no pair."""
    groups = [group if isinstance(group, list) else [group] for group in order]
    for earlier, later in combinations(groups, 2):
        yield from ((first, second) for first in earlier for second in later)


def _without_misconception(option: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in option.items() if field != "misconception"}
