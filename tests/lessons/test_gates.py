"""What every lesson must keep, by scoring alone (no kernel): hints, and the gates over 200 learners."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import isclose

from onefunnel.learn import hints, numbers, simulate
from onefunnel.learn.scoring import choices, outcomes, score
from onefunnel.learn.scoring.computed import target_tolerance
from onefunnel.metrics import catalogue

HOLDS = 0.95  # a taught decision must hold in this share of books
COMPUTED = ("number", "tiles", "target")
CHOICES = ("two_tier", "claim", "order", "match", "sort", "hotspot", "best_worst", "rules", "allocate")


def versions(items):
    """Every item of a lesson in each of its versions."""
    return [item.current(number) for item in items.values() for number in range(item.versions)]


def test_every_misconception_gets_its_own_hint(questions, slug, learners):
    """An answer that shows a misconception is told its own reason, which differs from every other one's."""
    for item in versions(questions(slug)):
        world, said = _clear(item, learners), {}
        for name in item.misconceptions:
            verdict = score(item, simulate.wrong_answer(item, name, world), world)
            assert verdict.misconception == name
            said[name] = world.why(name, item)
            assert said[name] and said[name] in verdict.message, f"{item.qualified}: {name}"
        assert len(set(said.values())) == len(said), f"{item.qualified}: two misconceptions are told the same"


def test_code_shows_the_same_misconceptions(questions, slug, learners):
    """Where code may answer, the right code is right without a kept answer and each wrong one gets its hint."""
    for item in versions(questions(slug)):
        if item.type not in ("number", "tiles"):
            continue
        world = _clear(item, learners)
        assert score(item, None, world, simulate.right_code(item, world)).status == "right", item.qualified
        for name in item.spec.get("wrong") or ():
            verdict = score(item, None, world, simulate.wrong_code(item, name, world))
            assert (verdict.status, verdict.misconception) == ("wrong", name), item.qualified


def _clear(item, learners):
    """A sample learner on whose book an item's values all differ, so that each misconception can be told."""
    if item.type not in COMPUTED:
        return learners.with_second(learners.worlds[0])
    for world, right, wrong in learners.values(item):
        values, reach = [right, *wrong.values()], _reach(item, right)
        if all(abs(one - other) > 2 * reach for one, other in combinations(values, 2)):
            return learners.with_second(world)
    raise AssertionError(f"{item.qualified}: on no book do its right and wrong values all differ")


def test_help_never_is_the_answer_itself(questions, slug, learners):
    """The third hint solves T00, or the missed version before a fresh one; it never gives the version still asked.

    So a question whose answer is the same on T00, because it uses no territory's table, needs a variant.
    """
    for item in questions(slug).values():
        if item.type not in COMPUTED or not hints.same_everywhere(item, learners.worlds[0]):
            continue
        assert item.versions > 1, f"{item.qualified} uses no territory's table. Give it `variants:` with other numbers."
        found = [item.current(number) for number in range(item.versions)]
        assert hints.whole_solution(found[0], learners.worlds[0])
        assert hints.whole_solution(found[-1], learners.worlds[0]) == ""
        values = [learners.worlds[0].number(one) for one in found]
        for one, other in combinations(values, 2):
            assert not numbers.close(one, other, item.unit, item.decimals), f"{item.qualified}: two versions are alike"


def test_right_value_stands_clear_of_every_wrong_one(questions, slug, learners):
    """Gate (a): in each of 200 books the right value is more than two tolerances away from every named wrong one.

    Tiles are right only if they are right on a second book too, to nine digits: there the wrong way must be told apart
    on one of the two books always, and on the own book, which the code twin is judged by, in 95 % of them.
    """
    for item in versions(questions(slug)):
        if item.type not in COMPUTED:
            continue
        found, blurred = learners.values(item), Counter()
        for world, right, wrong in found:
            assert right == right, f"{item.qualified}: there is no right value for {world.book.learner_id}"
            for name, value in wrong.items():
                if abs(right - value) > 2 * _reach(item, right):
                    continue
                blurred[name] += 1
                if item.type == "tiles" and isclose(right, value, rel_tol=1e-9):
                    both = learners.with_second(world)
                    second = both.number(item, "second"), both.wrong_numbers(item, "second")[name]
                    assert not isclose(*second, rel_tol=1e-9), f"{item.qualified}: {name} is right on two books"
        most = (1 - HOLDS) * len(found) if item.type == "tiles" else 0
        assert all(count <= most for count in blurred.values()), (
            f"{item.qualified}, variant {item.variant}: too close to the right value in {dict(blurred)} of "
            f"{len(found)} books. Use other numbers, or `on: company`."
        )


def _reach(item, value):
    """How far from a value an answer still counts."""
    return target_tolerance(item) if item.type == "target" else numbers.tolerance(value, item.unit, item.decimals)


def test_taught_decisions_hold(questions, slug, learners):
    """Gate (b): a computed choice is an option, the same in 95 % of books; a computed pick is no named wrong one.

    A part marked `by_territory` has more than one answer in the company. There 95 % of books must say what their whole
    territory says, so that no answer hangs on which accounts a learner was given.
    """
    for item in versions(questions(slug)):
        if item.type == "hotspot" and "value" in item.spec:
            sizes = Counter(_picks_are_clear(item, world) for world in _worlds_for(item.spec, learners))
            assert sizes[True] >= HOLDS * sizes.total(), f"{item.qualified}: {sizes}"
        for part in item.spec.get("parts") or ():
            if "value" not in part:
                continue
            offered = {option["id"] for option in part["options"]}
            call, on = part["value"], part["value"].get("on")
            worlds = _worlds_for(part, learners)
            said = Counter(str(world.run(world.call(call), on)) for world in worlds)
            assert set(said) <= offered, f"{item.qualified}/{part['id']}: {said} are not all among {sorted(offered)}"
            if part.get("by_territory"):
                assert len(said) > 1, f"{item.qualified}/{part['id']}: the same everywhere. Delete by_territory."
                said = Counter(_as_its_territory(part, world, learners) for world in worlds)
                assert said[True] >= HOLDS * said.total(), f"{item.qualified}/{part['id']}: {said}"
                continue
            assert said.most_common(1)[0][1] >= HOLDS * said.total(), f"{item.qualified}/{part['id']}: {said}"


def _as_its_territory(part, world, learners):
    """Whether a book's answer is that of its whole territory."""
    call = world.call(part["value"])
    whole = learners.territory(world.book.territory_id)
    return world.run(call) == catalogue.call(call.compute, call.inputs, call.arguments, whole, world.playbook)


def _picks_are_clear(item, world):
    """Whether there is something to pick, all of it is offered, and no named wrong way picks the same."""
    picks, offered = set(choices.right_picks(item, world)), dict(choices.options(item, world))
    assert picks <= set(offered), f"{item.qualified}: {picks} are not all among the options"
    on = item.spec["value"].get("on")
    return bool(picks) and all(picks != {*world.run(call, on)} for call in world.wrong_calls(item).values())


def _worlds_for(spec, learners):
    """All worlds for what is computed on a book; one is enough for what is the same for everybody."""
    return learners.worlds if spec["value"].get("on", "book") == "book" else learners.worlds[:1]


def test_a_rule_and_a_plan_can_earn_all_points(questions, slug, learners):
    """Gate (b) for decisions judged by their outcome: the written rule, or the best plan, is enough in 95 % of books.

    Today's rule or plan is not: otherwise nothing would have to be decided.
    """
    for item in versions(questions(slug)):
        if item.type not in ("rules", "allocate"):
            continue
        everybody_alike = item.spec["value"].get("on") == "company" or not item.spec["value"].get("inputs")
        worlds = learners.worlds[:1] if everybody_alike else learners.worlds  # 200 books: each is another one's hidden
        earned = Counter()
        for world in worlds:
            right = simulate.unchecked(item, world)
            earned[score(item, right, world).status] += 1
            if item.type == "allocate":
                today = {place.id: place.start for place in outcomes.places(item, world)}
                assert score(item, {"plan": today}, world).share < 1, f"{item.qualified}: today's plan is enough"
            elif item.spec.get("today"):
                assert score(item, {"rules": item.spec["today"]}, world).share < 1, f"{item.qualified}: today's rule"
        assert earned["right"] >= HOLDS * earned.total(), f"{item.qualified}: {dict(earned)}"


def test_target_can_be_reached(questions, slug, learners):
    """A slider has a position that is right, does not start there, and a blind slide seldom hits it."""
    for item in versions(questions(slug)):
        if item.type != "target":
            continue
        slider = item.spec["slider"]
        low, high, step = slider["min"], slider["max"], slider["step"]
        for world, right, _ in learners.values(item):
            nearest = low + round((right * item.slider_scale - low) / step) * step
            assert low <= nearest <= high, f"{item.qualified}: {nearest} is outside the slider"
            assert score(item, {"value": nearest}, world).status == "right", f"{item.qualified}: {nearest}"
            assert score(item, {"value": slider.get("start", low)}, world).status != "right", item.qualified
            assert (high - low) / item.slider_scale > 10 * _reach(item, right), f"{item.qualified}: easy to hit"


def test_two_learners_answers_differ(questions, slug, learners):
    """A number copied from a colleague is wrong: what is computed on the own book takes many values."""
    for item in versions(questions(slug)):
        if item.type in ("number", "tiles") and item.spec["value"].get("on", "book") == "book":
            values = Counter(round(right, 6) for _, right, _ in learners.values(item))
            alike = sum(count * (count - 1) for count in values.values()) / (values.total() * (values.total() - 1))
            assert alike < 0.10, f"{item.qualified}: two learners have the same value in {alike:.0%} of pairs"


def test_hidden_checks_beat_constants(questions, slug, learners):
    """A function that returns the known numbers passes the visible check at best; on the second book it fails."""
    for item in questions(slug).values():
        if "function" not in item.spec:
            continue
        beaten = 0
        for world in map(learners.with_second, learners.worlds[:10]):
            truth, on, known = world.call(item.spec["value"]), item.spec["value"].get("on"), {}
            for call in item.spec["function"]["calls"]:
                arguments = call.get("arguments") or {}
                same = truth._replace(inputs=call.get("inputs") or (), arguments=arguments)
                known[tuple(sorted(arguments.items()))] = world.run(same, on)

            def constant(*_, known=known, **arguments):
                return known[tuple(sorted(arguments.items()))]

            assert score(item, None, world, constant).status == "right"
            beaten += score(item, None, world.swapped(), constant).status == "wrong"
        assert beaten == 10, f"{item.qualified}: constants pass the hidden check in {10 - beaten} of 10 books"


def test_wrong_choices_never_earn_all(questions, slug, learners):
    """A two-tier question has one right option a part and four ways or more; any other wrong choice costs something."""
    world = learners.with_second(learners.worlds[0])
    for item in versions(questions(slug)):
        if item.type == "two_tier":
            ways = 1
            for part in item.spec["parts"]:
                right = choices.right_option(item, part, world)
                offered = [option for option, _ in choices.options(item, world, part["id"])]
                assert sum(map(right, offered)) == 1, f"{item.qualified}/{part['id']}"
                ways *= len(offered)
            assert ways >= 4, item.qualified
        if item.type in CHOICES:
            assert score(item, simulate.wrong_answer(item, None, world), world).share < 1, item.qualified
