"""Answers that are chosen: two_tier, claim, match, sort, order, hotspot, best_worst. Guessing earns nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

from onefunnel.learn import skills_map
from onefunnel.learn.scoring.verdict import Verdict, graded, right, unanswered, wrong

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

Pair = tuple[str, str]


def rows(item: Item, world: World) -> list[Pair]:
    """Return (id, text) of an item's rows; `steps` and `skills` take the playbook's, a call computes them."""
    source = item.spec.get("rows_from")
    if source == "steps":
        return [(step.id, step.name) for step in world.playbook.steps]
    if source == "skills":
        return [(skill.id, f"{skill.name}: {skill.statement}") for skill in world.playbook.skills]
    found = world.run(world.call(source), source.get("on")) if source else item.spec.get("rows") or ()
    return [(str(row["id"]), str(row["text"])) for row in found]


def options(item: Item, world: World, part: str | None = None) -> list[Pair]:
    """Return (id, text) of what can be chosen, of one part of a two_tier item if `part` is given."""
    if part is not None:
        found = next((p["options"] for p in item.spec["parts"] if p["id"] == part), ())
    elif item.spec.get("rows_from") == "skills":
        return list(skills_map.LEVELS.items())
    elif "options_from" in item.spec:
        found = world.run(world.call(item.spec["options_from"]), item.spec["options_from"].get("on"))
    else:
        found = item.spec.get("options") or ()
    return [(str(option["id"]), str(option["text"])) for option in found]


def two_tier(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """All parts right or nothing."""
    said = _parts(item, answer, world)
    if isinstance(said, Verdict):
        return said
    name = next(filter(None, (item.named(part["id"], option) for part, option in said)), None)
    of = len(item.spec["parts"])
    fit, together = of - len(said), "both" if of == 2 else "all"
    some = f"{fit} of {of} parts {_is(fit)} right. Only {together} together show that you know it."
    found = wrong(item, name, world, some if fit else "Look at the numbers once more: what does each compare?")
    return replace(found, faults=tuple(str(part["prompt"]) for part, _ in said if len(part["options"]) > 2 and fit))


def claim(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """The whole sentence right or nothing; each gap that is wrong gets its own hint."""
    said = _parts(item, answer, world)
    if isinstance(said, Verdict):
        return said
    names = [item.named(part["id"], option) for part, option in said]
    reasons = [
        (world.why(name, item) if name else "") or f"“{part['prompt']}”: {part['hint']}"
        for (part, _), name in zip(said, names, strict=True)
    ]
    name, message = next(filter(None, names), None), "\n".join(dict.fromkeys(reasons))
    return Verdict("wrong", 0.0, name, message)


def _parts(item: Item, answer: Mapping[str, Any], world: World) -> Verdict | list[tuple[Mapping[str, Any], str]]:
    """Return [(part, option chosen)] of the parts that are wrong, or the verdict when none is, or when one is open."""
    parts = item.spec["parts"]
    chosen = _chosen(answer.get("parts"), {part["id"]: dict(options(item, world, part["id"])) for part in parts})
    missing = [part["prompt"] for part in parts if part["id"] not in chosen]
    if missing:
        return unanswered(f"this question has {len(parts)} parts. Still open: {'; '.join(missing)}")
    faults = [(part, chosen[part["id"]]) for part in parts if not right_option(item, part, world)(chosen[part["id"]])]
    return faults or right(item)


def right_option(item: Item, part: Mapping[str, Any], world: World) -> Callable[[str], bool]:
    """Return the test that tells a part's right option: computed from the tables, or a sealed key."""
    if "value" in part:
        value = str(world.run(world.call(part["value"]), part["value"].get("on")))
        return lambda option: option == value
    sealed = item.key["right"][part["id"]]
    return lambda option: item.digest("right", part["id"], option) == sealed


def match(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """Share of the rows minus what guessing would give: (p − c) ÷ (1 − c) with c = 1 ÷ number of options."""
    known, offered = dict(rows(item, world)), dict(options(item, world))
    chosen = chosen_rows(item, answer, world)
    if not chosen:
        return unanswered("choose an option for each row.")
    keyed = right_rows(item, world)
    faults = [row for row in known if row in chosen and not keyed(row, chosen[row])]
    hits, chance = len(chosen) - len(faults), 1 / len(offered)
    share = (hits / len(known) - chance) / (1 - chance)
    ways = {name: _table(world.run(call, _on(item))) for name, call in world.wrong_calls(item).items()}
    names = [name for name, way in ways.items() if any(way.get(row) == chosen[row] for row in faults)]
    names += [item.named(row, chosen[row]) or item.named(chosen[row]) for row in faults]
    open_rows, note = len(known) - len(chosen), f"{hits} of {len(known)} rows fit."
    found = _with_gaps(item, share, next(filter(None, names), None), world, open_rows, note)
    return replace(found, faults=tuple(known[row] for row in faults if len(offered) > 2))


def chosen_rows(item: Item, answer: Mapping[str, Any], world: World) -> dict[str, str]:
    """Return {row: option} of the rows that have an option which is there."""
    offered = dict(options(item, world))
    return _chosen(answer.get("rows"), {row: offered for row, _ in rows(item, world)})


def right_rows(item: Item, world: World) -> Callable[[str, str], bool]:
    """Return the test that tells a row's right option: computed from the tables, or a sealed key."""
    if "value" in item.spec:
        keyed = _table(world.run(world.call(item.spec["value"]), _on(item)))
        return lambda row, option: keyed.get(row) == option
    return lambda row, option: item.digest("right", row, option) == item.key["right"].get(row)


def order(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """Share p of keyed pairs in the right order, scaled so that the 50 % of a coin earns nothing: 2 p − 1."""
    known = [row for row, _ in rows(item, world)]
    said = answer.get("position")
    places = {row: said[row] for row in known if isinstance(said, Mapping) and type(said.get(row)) is int}
    if not places:
        return unanswered("give each row its place.")
    keyed = set(item.key["pairs"])
    pairs = [pair for pair in permutations(known, 2) if item.digest("pair", *pair) in keyed]
    hits = [(a, b) for a, b in pairs if a in places and b in places and places[a] < places[b]]
    said_before = ((a, b) for a, b in permutations(known, 2) if a in places and b in places and places[a] < places[b])
    name = next(filter(None, (item.named(a, b) for a, b in said_before)), None)
    share = 2 * len(hits) / len(pairs) - 1 if pairs else 1.0
    note = f"{len(hits)} of {len(pairs)} pairs stand in the right order."
    return _with_gaps(item, share, name, world, len(known) - len(places), note)


def hotspot(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """(right picks − false picks) ÷ right ones, never below 0."""
    offered = dict(options(item, world))
    said = answer.get("picked")
    picked = {pick for pick in said if isinstance(pick, str) and pick in offered} if isinstance(said, list) else set()
    if not picked:
        return unanswered("choose one." if item.spec.get("choose") == 1 else "pick at least one.")
    choose = item.spec.get("choose")
    if choose and len(picked) != choose:
        return unanswered(f"pick exactly {choose}; you picked {len(picked)}.")
    keyed = set(right_picks(item, world))
    false, hits = picked - keyed, picked & keyed
    share = (len(hits) - len(false)) / len(keyed) if keyed else 0.0
    name = next((m for m, call in world.wrong_calls(item).items() if picked == _ids(world.run(call, _on(item)))), None)
    name = name or next(filter(None, (item.named(pick) for pick in offered if pick in false)), None)
    if share > 0 and not false:
        return graded(item, share, name, world, "What you picked is right, but there is more to find.")
    found = graded(item, share, name, world, _not_all(item, world, false))
    return replace(found, message=f"{found.message} Each wrong pick takes a right one off.") if share > 0 else found


def _not_all(item: Item, world: World, false: set[str]) -> str:
    """Say that not every pick belongs there, and what the rule asks that it has not, where the options tell (`lacks`).

    It names no option: which one it is, the learner finds.
    """
    source = item.spec.get("options_from")
    found = world.run(world.call(source), source.get("on")) if source else ()
    lacks = {str(option["lacks"]) for option in found if str(option["id"]) in false and option.get("lacks")}
    if not lacks:
        return "Not every one you picked belongs there. Go through the rule once more."
    return f"Not every one you picked belongs there: {'; '.join(sorted(lacks))}."


def right_picks(item: Item, world: World) -> list[str]:
    """Return the options to pick: computed from the tables, or found among the options by the sealed key."""
    if "value" in item.spec:
        return sorted(_ids(world.run(world.call(item.spec["value"]), _on(item))))
    return [option for option, _ in options(item, world) if item.digest("pick", option) in item.key["pick"]]


def best_worst(item: Item, answer: Mapping[str, Any], world: World) -> Verdict:
    """2 for the best and 2 for the worst, 1 for a neighbour, −1 for the opposite end; share = sum ÷ 4, at least 0."""
    rank = ranks(item, world)
    best, worst = answer.get("best"), answer.get("worst")
    if not (isinstance(best, str) and isinstance(worst, str) and best in rank and worst in rank):
        return unanswered("pick the best and the worst.")
    if best == worst:
        return unanswered("the best and the worst cannot be the same: change one.")
    last = len(rank) - 1
    at_best, at_worst = {0: 2, 1: 1, last: -1}.get(rank[best], 0), {last: 2, last - 1: 1, 0: -1}.get(rank[worst], 0)
    name = (item.named(best) if rank[best] else None) or (item.named(worst) if rank[worst] != last else None)
    return graded(
        item,
        (at_best + at_worst) / 4,
        name,
        world,
        f"Your best one {_CLOSE.get(at_best, _FAR)}, your worst one {_CLOSE.get(at_worst, _FAR)}. "
        "Ask of each action: what does it cost us, and what do we keep?",
    )


def ranks(item: Item, world: World) -> dict[str, int]:
    """Return each option's place, 0 = best."""
    sealed = item.key["rank"]
    return {
        option: place
        for option, _ in options(item, world)
        for place, seal in enumerate(sealed)
        if item.digest("rank", place, option) == seal
    }


def _chosen(said: object, offered: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Keep of what was said only known rows with an option that is offered there."""
    if not isinstance(said, Mapping):
        return {}
    picks = ((row, said.get(row)) for row in offered)
    return {row: pick for row, pick in picks if isinstance(pick, str) and pick in offered[row]}


def _with_gaps(item: Item, share: float, name: str | None, world: World, open_rows: int, note: str) -> Verdict:
    """Grade rows of which some may be open: an unfinished answer is no miss unless it shows a misconception."""
    if open_rows:
        gap = f"{open_rows} {'row' if open_rows == 1 else 'rows'} {_is(open_rows)} still open."
        note = f"{note} {gap}"
        if share <= 0 and not name:
            return unanswered(gap)
    found = graded(item, share, name, world, note)
    if found.status != "partial":
        return found
    reason = "" if found.message == note else f"{found.message} "
    return replace(found, message=f"{reason}{note} What guessing would bring is taken off the points.")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _table(found: Mapping[Any, Any]) -> dict[str, str]:
    return {str(row): str(option) for row, option in dict(found).items()}


def _ids(found: object) -> set[str]:
    return {str(one) for one in found}


def _on(item: Item) -> str | None:
    return (item.spec.get("value") or item.spec.get("options_from") or {}).get("on")


_CLOSE, _FAR = {2: "fits", 1: "is close"}, "does not fit"
