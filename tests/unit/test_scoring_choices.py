"""Chosen answers: right, partly right, wrong, guessed. Shares are worked out by hand."""

import pytest
from learn_world import item, sealed, world

from onefunnel.learn.items import Item
from onefunnel.learn.scoring import score

WORLD = world()


def verdict(name, answer, **changes):
    return score(item(name, **changes), answer, WORLD)


# --- two_tier ------------------------------------------------------------------------------------------------------


def test_two_tier_needs_answer_and_reason():
    """Both parts right: all points. One of two: none, although half is known."""
    assert verdict("W1", {"parts": {"where": "late", "why": "share"}}).share == 1
    half = verdict("W1", {"parts": {"where": "late", "why": "most"}})
    assert (half.status, half.share, half.misconception) == ("wrong", 0, None)
    assert half.message == "1 of 2 parts is right. Only both together show that you know it."


def test_two_tier_names_the_misconception():
    """A wrong option with a name brings its own hint."""
    found = verdict("W1", {"parts": {"where": "early", "why": "share"}})
    assert (found.misconception, found.message) == ("count_for_rate", "You took the largest loss for the lowest rate.")


def test_two_tier_with_an_open_part_is_unanswered():
    """An unfinished answer is no miss, and the open part is named."""
    found = verdict("W1", {"parts": {"where": "early"}})
    assert found.status == "unanswered" and "Why?" in found.message


def test_two_tier_part_can_be_computed_from_the_tables():
    """A part with a value has no key; its right option is what the tables say (most deals of the book: 3 reached)."""
    spec = sealed("W1")
    spec["parts"] = [
        {
            "id": "where",
            "prompt": "How many?",
            "options": [{"id": "3", "text": "three"}, {"id": "4", "text": "four"}],
            "value": {
                "compute": "onefunnel.metrics.pipeline.count_reached",
                "inputs": ["stage_history", "steps"],
                "arguments": {"step": "trial"},
            },
        },
        spec["parts"][1],
    ]
    computed = Item("demo", "W1", spec)
    assert score(computed, {"parts": {"where": "3", "why": "share"}}, WORLD).status == "right"
    assert score(computed, {"parts": {"where": "4", "why": "share"}}, WORLD).status == "wrong"


def test_a_variant_has_its_own_key():
    """In the second version the other options are right; the first version's key does not fit it."""
    fresh = item("W1").current(1)
    assert fresh.prompt == "A fresh one."
    assert score(fresh, {"parts": {"where": "never", "why": "most"}}, WORLD).status == "right"
    assert score(fresh, {"parts": {"where": "late", "why": "share"}}, WORLD).status == "wrong"
    assert item("W1").current(7).variant == 0


def test_two_tier_says_how_many_parts_are_right_and_names_the_others():
    """Two of three: counted in the sentence, the third by its question alone, for later tries."""
    spec = sealed("W1")
    third = {"id": "who", "prompt": "Who?", "options": [{"id": one, "text": one} for one in "abc"]}
    solution = {"where": "late", "why": "share", "who": "a"}
    three = Item("demo", "W1", sealed("W1", parts=[*spec["parts"], third], solution=solution))
    found = score(three, {"parts": {"where": "late", "why": "share", "who": "b"}}, WORLD)
    assert found.message == "2 of 3 parts are right. Only all together show that you know it."
    assert found.faults == ("Who?",)
    one_of_two_options = score(three, {"parts": {"where": "late", "why": "most", "who": "a"}}, WORLD)
    assert one_of_two_options.faults == (), "of two options the wrong one tells the right one"


# --- match ---------------------------------------------------------------------------------------------------------


def test_match_takes_off_what_guessing_gives():
    """Two rows, four options: chance is 1/4. One of two right: (1/2 − 1/4) ÷ (3/4) = 1/3."""
    assert verdict("M1", {"rows": {"mql": "call", "reach": "seen"}}).status == "right"
    half = verdict("M1", {"rows": {"mql": "call", "reach": "call"}})
    assert (half.status, half.share, half.faults) == ("partial", pytest.approx(1 / 3), ("Reach",))
    assert verdict("M1", {"rows": {"mql": "seen", "reach": "call"}}).share == 0


def test_match_guessing_earns_nothing_on_average():
    """Over all 16 answers the unfloored mean is zero, so with the floor it stays below a sixth of the points."""
    options = ["call", "seen", "deal", "money"]
    shares = [verdict("M1", {"rows": {"mql": a, "reach": b}}).share for a in options for b in options]
    assert sum(shares) / len(shares) == pytest.approx((1 + 6 / 3) / 16)


def test_match_names_misconceptions_of_a_pair_and_of_an_option():
    """A named wrong pair and an option that is wrong everywhere both say why."""
    assert verdict("M1", {"rows": {"mql": "deal", "reach": "seen"}}).misconception == "mql_is_opportunity"
    assert verdict("M1", {"rows": {"mql": "money", "reach": "seen"}}).misconception == "counts_money"


def test_match_with_open_rows():
    """Open rows are named; a share already earned counts."""
    some = verdict("M1", {"rows": {"mql": "call"}})
    assert some.status == "partial" and "1 row is still open" in some.message
    assert verdict("M1", {"rows": {}}).status == "unanswered"
    assert verdict("M1", {"rows": {"mql": "seen"}}).status == "unanswered"


# --- order ---------------------------------------------------------------------------------------------------------


def place(text):
    return {"position": {row: n for n, row in enumerate(text, start=1)}}


def test_order_counts_keyed_pairs_and_scales_the_coin_away():
    """a, then b and c in any order, then d: five keyed pairs. cbad keeps 3 of them: 2 × 3/5 − 1 = 0.2."""
    assert verdict("O1", place("abcd")).status == "right"
    assert verdict("O1", place("acbd")).status == "right"
    found = verdict("O1", place("cbad"))
    assert (found.status, found.share) == ("partial", pytest.approx(0.2))
    assert "3 of 5 pairs" in found.message
    assert verdict("O1", place("dcba")).share == 0


def test_order_names_the_wrong_pair():
    """d before a is a named mistake."""
    assert verdict("O1", place("dabc")).misconception == "end_first"


def test_order_treats_equal_places_as_not_in_order():
    """All in first place is no order."""
    assert verdict("O1", {"position": dict.fromkeys("abcd", 1)}).status == "wrong"


def test_order_of_the_steps_is_the_playbooks():
    """`rows_from: steps` takes rows and key from the playbook."""
    steps = tuple(step.id for step in WORLD.playbook.steps)
    from onefunnel.learn import keys

    spec = keys.seal("demo", "O2", {"type": "order", "rows_from": "steps"}, steps)
    asked = Item("demo", "O2", spec)
    assert score(asked, place(steps), WORLD).status == "right"
    swapped = (steps[1], steps[0], *steps[2:])
    assert score(asked, place(swapped), WORLD).share == pytest.approx(2 * 65 / 66 - 1)


# --- hotspot -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picked", "share"),
    [("a1 a2", 1), ("a1", 0.5), ("a1 a2 a3", 0.5), ("a1 a3", 0), ("a3 a4", 0), ("a1 a2 a3 a4 a5 big", 0)],
)
def test_hotspot_takes_false_picks_off(picked, share):
    """Two are to be found: (right − false) ÷ 2, never below zero; picking everything earns nothing."""
    assert verdict("H1", {"picked": picked.split()}).share == share


def test_hotspot_names_a_false_pick():
    """An option with a misconception brings its hint."""
    assert verdict("H1", {"picked": ["a1", "big"]}).misconception == "big_is_leak"


def test_hotspot_says_when_only_something_is_missing():
    """Half found and nothing false: the sentence says to look on."""
    assert "more to find" in verdict("H1", {"picked": ["a1"]}).message
    assert verdict("H1", {"picked": []}).status == "unanswered"


def test_hotspot_recognises_a_computed_wrong_set():
    """The picks of a named wrong rule are recognised as a whole."""
    spec = sealed("H1")
    spec["wrong"] = {"all_late": {"compute": "onefunnel.metrics.pipeline.funnel_steps", "inputs": ["steps"]}}
    spec["options"] = [{"id": s.id, "text": s.name} for s in WORLD.playbook.steps] + spec["options"]
    spec["hints"] = {"all_late": "You picked the whole funnel."}
    whole = ["engaged", "marketing_qualified", "accepted", "qualified", "trial", "proposal", "decision", "won"]
    found = score(Item("demo", "H1", spec), {"picked": whole}, WORLD)
    assert (found.misconception, found.message) == ("all_late", "You picked the whole funnel.")


def test_hotspot_says_which_half_of_the_rule_a_false_pick_lacks(monkeypatch):
    """Options computed from the tables may tell what they lack; it is said without naming the option."""
    rows = [{"id": "a1", "text": "A", "lacks": ""}, {"id": "a3", "text": "C", "lacks": "one buys too much"}]
    spec = sealed("H1")
    del spec["options"]
    spec["options_from"] = {"compute": "onefunnel.metrics.mix.account_options"}
    monkeypatch.setattr(type(WORLD), "run", lambda *_: rows)
    found = score(Item("demo", "H1", spec), {"picked": ["a1", "a3"]}, WORLD)
    assert found.message == "Not every one you picked belongs there: one buys too much."


# --- best_worst ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("best", "worst", "share"),
    [
        ("trade", "give", 1),
        ("ask", "give", 0.75),
        ("trade", "half", 0.75),
        ("ask", "half", 0.5),
        ("hold", "give", 0.5),
        ("hold", "ask", 0),
        ("give", "trade", 0),
        ("give", "half", 0),
        ("ask", "trade", 0),
    ],
)
def test_best_worst_two_and_two_with_neighbours(best, worst, share):
    """2 + 2, 1 for the neighbour, −1 for the opposite end, out of 4 and not below 0."""
    assert verdict("B1", {"best": best, "worst": worst}).share == share


def test_best_worst_guessing_earns_about_a_fifth():
    """A guess earns about 20 %. Of the 20 ordered picks: by hand 5.5 of 20 with the floor at zero."""
    names = ["trade", "ask", "hold", "half", "give"]
    shares = [verdict("B1", {"best": a, "worst": b}).share for a in names for b in names if a != b]
    by_hand = [
        # best = trade: worst ask hold half give
        2 / 4, 2 / 4, 3 / 4, 4 / 4,
        # best = ask: worst trade hold half give
        0 / 4, 1 / 4, 2 / 4, 3 / 4,
        # best = hold
        0 / 4, 0 / 4, 1 / 4, 2 / 4,
        # best = half
        0 / 4, 0 / 4, 0 / 4, 2 / 4,
        # best = give
        0 / 4, 0 / 4, 0 / 4, 0 / 4,
    ]  # fmt: skip
    assert sorted(shares) == sorted(by_hand)


def test_best_worst_names_the_misconception_and_refuses_twice_the_same():
    """The wrong best's misconception is said; the same option twice is no answer."""
    assert verdict("B1", {"best": "give", "worst": "half"}).misconception == "discount_for_everything"
    assert verdict("B1", {"best": "ask", "worst": "give"}).misconception is None
    assert verdict("B1", {"best": "ask", "worst": "give"}).message.startswith(
        "Your best one is close, your worst one fits."
    )
    assert verdict("B1", {"best": "ask", "worst": "ask"}).status == "unanswered"


# --- predict and text ----------------------------------------------------------------------------------------------


def test_predictions_and_written_answers_are_done_or_not():
    """No answer is right or wrong here; it is only there or not."""
    assert verdict("P1", {"choice": "few"}).status == "right"
    assert verdict("P1", {"choice": "nonsense"}).status == "unanswered"
    assert verdict("P2", {"value": 12}).status == "right"
    assert verdict("P2", {"value": "12"}).status == "unanswered"
    assert verdict("X1", {"text": "I ask one colleague."}).status == "right"
    assert "7 words; 5 are the limit" in verdict("X1", {"text": "one two three four five six seven"}).message
    assert verdict("X1", {"text": "  "}).status == "unanswered"
