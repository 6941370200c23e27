"""Credit: each rule by hand, short paths, a published Markov example, and sums of 100 % on random paths."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import attribution, attribution_traps, markov

RULES = [
    *(attribution.first_touch, attribution.last_touch, attribution.linear),
    *(attribution.u_shape, attribution.w_shape, attribution.time_decay),
]
DAY0 = pd.Timestamp("2026-01-01")
COLUMNS = ["opp_id", "touched_at", "channel", "milestone", "converted", "value_eur"]


def make_paths(*journeys, days=1):
    """Each journey: ("a b c", converted). One touch every `days` days, each deal worth 100."""
    rows = [
        (f"o{number}", DAY0 + pd.Timedelta(days=days * place), channel, None, converted, 100.0)
        for number, (text, converted) in enumerate(journeys)
        for place, channel in enumerate(text.split())
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def random_paths(seed, deals=120):
    rng = np.random.default_rng(seed)
    journeys = [
        (" ".join(rng.choice(list("abcde"), rng.integers(1, 9))), bool(rng.random() < 0.4)) for _ in range(deals)
    ]
    paths = make_paths(*journeys)
    paths["touched_at"] += pd.to_timedelta(rng.integers(0, 3, len(paths)), unit="D")  # ties and changed order
    paths["milestone"] = rng.choice([None, "lead_created", "opportunity_created"], len(paths), p=[0.5, 0.25, 0.25])
    return paths


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (attribution.first_touch, [1, 0, 0, 0]),
        (attribution.last_touch, [0, 0, 0, 1]),
        (attribution.linear, [0.25, 0.25, 0.25, 0.25]),
        (attribution.u_shape, [0.4, 0.1, 0.1, 0.4]),
    ],
)
def test_the_path_of_the_origin_lesson(rule, expected):
    """event → e-mail → ad → call by first, last, linear, 40/20/40."""
    paths = make_paths(("event email ad call", True))
    assert rule(paths).to_list() == pytest.approx(expected)


def test_short_paths():
    """One touch has it all under every rule; two touches share 50/50 in the U; three get 40/20/40."""
    for rule in RULES:
        assert rule(make_paths(("a", True))).to_list() == [1.0]
    assert attribution.u_shape(make_paths(("a b", True))).to_list() == [0.5, 0.5]
    assert attribution.u_shape(make_paths(("a b c", True))).to_list() == pytest.approx([0.4, 0.2, 0.4])


def test_the_w_needs_three_different_named_touches():
    """30/30/30 and 10 for the two others; the U with three touches, without a name, or when first = lead created."""
    paths = make_paths(("a b c d e", True))
    paths["milestone"] = [None, "lead_created", None, "opportunity_created", None]
    assert attribution.w_shape(paths).to_list() == pytest.approx([0.3, 0.3, 0.05, 0.3, 0.05])
    again = paths.assign(milestone=[None, "lead_created", "lead_created", "opportunity_created", None])
    assert attribution.w_shape(again).to_list() == pytest.approx([0.3, 0.3, 0.05, 0.3, 0.05])
    for milestones in (["lead_created", None, None, "opportunity_created", None], [None, "lead_created", *[None] * 3]):
        fallen = paths.assign(milestone=milestones)
        assert attribution.w_shape(fallen).to_list() == pytest.approx(attribution.u_shape(fallen).to_list())
    three = make_paths(("a b c", True)).assign(milestone=[None, "lead_created", "opportunity_created"])
    assert attribution.w_shape(three).to_list() == pytest.approx([0.4, 0.2, 0.4])


def test_time_decay_halves_with_each_half_life():
    """Touches 14, 7 and 0 days before the last at a half-life of 7: 1/4 : 1/2 : 1 = 1/7, 2/7, 4/7."""
    paths = make_paths(("a b c", True), days=7)
    assert attribution.time_decay(paths, 7).to_list() == pytest.approx([1 / 7, 2 / 7, 4 / 7])
    assert attribution.time_decay(paths, 1e9).to_list() == pytest.approx([1 / 3] * 3)
    with pytest.raises(ValueError, match="half-life"):
        attribution.time_decay(paths, 0)


@pytest.mark.parametrize("seed", range(4))
def test_credit_adds_to_one_and_rows_may_stand_in_any_order(seed):
    """Every rule, every path: 100 %. Shuffled rows give every channel the same credit."""
    paths = random_paths(seed)
    shuffled = paths.sample(frac=1, random_state=seed)
    for rule in RULES:
        credit = rule(paths)
        assert (credit >= 0).all()
        np.testing.assert_allclose(credit.groupby(paths["opp_id"]).sum(), 1.0)
        table = attribution.credit_by_channel(paths, credit)
        assert table["credit"].sum() == pytest.approx(paths.loc[paths["converted"], "opp_id"].nunique())
        assert table["share"].sum() == pytest.approx(1)
        pd.testing.assert_frame_equal(table, attribution.credit_by_channel(shuffled, rule(shuffled)))
    pd.testing.assert_series_equal(markov.removal_credit(paths), markov.removal_credit(shuffled))


def test_scaling_money_scales_the_credit():
    """A thousand times the value, a thousand times the euros, the same shares."""
    paths = random_paths(9)
    credit = attribution.u_shape(paths)
    one = attribution.credit_by_channel(paths, credit)
    many = attribution.credit_by_channel(paths.assign(value_eur=paths["value_eur"] * 1000), credit)
    assert many["value_eur"].to_list() == pytest.approx((one["value_eur"] * 1000).to_list())
    assert many["share"].to_list() == one["share"].to_list()


def test_the_published_markov_example():
    """C1→C2→C3→won, C1→lost, C2→C3→lost (S. Bryl, "Attribution model with R", 2016): effects 0.5, 1, 1 → 20, 40, 40 %.

    By hand: start goes to C1 2/3, C2 1/3; C1 to C2 1/2, lost 1/2; C2 to C3 1; C3 to won 1/2: P = (1/3 + 1/3)/2 = 1/3.
    Without C1: 1/3 × 1/2 = 1/6, so its effect is 1/2. Without C2 or C3 nothing is won.
    """
    paths = make_paths(("C1 C2 C3", True), ("C1", False), ("C2 C3", False))
    assert markov.removal_effects(paths).to_dict() == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
    assert markov.removal_credit(paths).to_dict() == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})
    raw = attribution_traps.unnormalised_removal(paths)
    assert raw.sum() == pytest.approx(2.5)


def test_markov_agrees_with_walking_the_chain():
    """P(won) by repeated multiplication of counted shares, 2,000 steps, without linear algebra."""
    paths = random_paths(5, deals=60).sort_values(["opp_id", "touched_at", "channel"])
    steps = {}
    for _, path in paths.groupby("opp_id"):
        walk = ["start", *path["channel"], "won" if path["converted"].iloc[0] else "lost"]
        for here, there in pairwise(walk):
            steps.setdefault(here, []).append(there)

    def won(without=None):
        mass, done = {"start": 1.0}, 0.0
        for _ in range(2000):
            after = {}
            for here, amount in mass.items():
                for there in steps[here]:
                    part = amount / len(steps[here])
                    if there == "won":
                        done += part
                    elif there not in ("lost", without):
                        after[there] = after.get(there, 0.0) + part
            mass = after
        return done

    expected = {channel: 1 - won(channel) / won() for channel in "abcde"}
    assert markov.removal_effects(paths).to_dict() == pytest.approx(expected)


def test_a_repeated_channel_changes_no_effect():
    """ "a a b" says what "a b" says."""
    once, twice = (make_paths((f"{text} b", True), ("a", False), ("b", False)) for text in ("a", "a a"))
    # In both: P(a → b) differs only by the step onto itself, which ends in b or lost at the same odds: 1 : 1.
    assert markov.removal_effects(twice).to_dict() == pytest.approx(markov.removal_effects(once).to_dict())


def test_nothing_won_and_nothing_at_all():
    """No win: NaN for every channel. No path: empty results of every rule."""
    assert markov.removal_credit(make_paths(("a b", False))).isna().all()
    empty = make_paths(("a", True)).iloc[:0]
    assert len(markov.removal_credit(empty)) == 0
    for rule in RULES:
        assert len(rule(empty)) == 0
    assert attribution.credit_by_channel(empty, attribution.linear(empty)).empty
    lost = make_paths(("a b", False))
    assert attribution.credit_by_channel(lost, attribution.linear(lost)).empty


def test_wrong_credit():
    """Four touches: 40 + 20 + 20 + 40 = 120 %; two touches: 40 + 40 = 80 %; everybody claims all: 400 %."""
    four, two = make_paths(("a b c d", True)), make_paths(("a b", True))
    assert attribution_traps.over_100(four).to_list() == pytest.approx([0.4, 0.2, 0.2, 0.4])
    assert attribution_traps.over_100(two).sum() == 1
    assert attribution_traps.forty_forty_on_two(two).sum() == pytest.approx(0.8)
    assert attribution_traps.forty_forty_on_two(four).sum() == pytest.approx(1)
    assert attribution_traps.everyone_claims_it(four).sum() == 4


def test_won_paths_only_differs_where_channels_feed_each_other():
    """a leads to c in lost paths, c to a in won ones: only the lost paths show that c mostly loses."""
    paths = make_paths(("c a", True), ("a c", False), ("a c", False), ("c", True))
    # Start: a 1/2, c 1/2. a: won 1/3, c 2/3. c: a 1/4, lost 2/4, won 1/4. With x = P(a), y = P(c): x = 1/3 + 2y/3,
    # y = x/4 + 1/4 → y = 1/3 + y/6 … x = 1/3 + (x + 1)/6 → x = 3/5, y = 2/5: P = 1/2. Without a: y = 1/4, P = 1/8
    # (effect 3/4); without c: x = 1/3, P = 1/6 (effect 2/3). Credit 9/17 and 8/17.
    assert markov.removal_credit(paths).to_dict() == pytest.approx({"a": 9 / 17, "c": 8 / 17})
    # Won only: start → c 1; c: a 1/2, won 1/2; a: won. Without a 1/2 (effect 1/2), without c 0 (1): 1/3 and 2/3.
    assert attribution_traps.won_paths_only(paths).to_dict() == pytest.approx({"a": 1 / 3, "c": 2 / 3})


def make_tables():
    touches = pd.DataFrame(
        [
            ("A1", DAY0 - pd.Timedelta(days=200), "fair", "marketing"),
            ("A1", DAY0 - pd.Timedelta(days=30), "email", "marketing"),
            ("A1", DAY0 - pd.Timedelta(days=5), "call", "sales"),
            ("A1", DAY0 + pd.Timedelta(days=1), "email", "marketing"),
            ("A9", DAY0, "fair", "marketing"),
        ],
        columns=["account_id", "touched_at", "channel", "function"],
    )
    conversions = pd.DataFrame(
        {
            "opp_id": ["o1", "o2"],
            "account_id": ["A1", "A2"],
            "closed_at": DAY0,
            "converted": True,
            "value_eur": [50.0, 70.0],
        }
    )
    return touches, conversions


def test_paths_by_account_with_a_look_back():
    """90 days: the fair is too old, the later e-mail too late, A9 closed nothing; o2 has no touch: unknown."""
    touches, conversions = make_tables()
    paths = attribution.touch_paths(touches, conversions)
    assert paths[["opp_id", "channel"]].to_numpy().tolist() == [["o1", "email"], ["o1", "call"], ["o2", "unknown"]]
    table = attribution.credit_by_channel(paths, attribution.last_touch(paths))
    assert table["value_eur"].to_dict() == {"call": 50, "email": 0, "unknown": 70}
    assert len(attribution.touch_paths(touches, conversions, 365)) == 4
    without_sales = attribution.touch_paths(touches, conversions, functions=["marketing"])
    assert without_sales["channel"].to_list() == ["email", "unknown"]


def test_paths_refuse_what_would_double_credit():
    """A deal that stands twice, a look-back of nothing; no deals give no paths."""
    touches, conversions = make_tables()
    with pytest.raises(ValueError, match="twice"):
        attribution.touch_paths(touches, pd.concat([conversions, conversions]))
    with pytest.raises(ValueError, match="look-back"):
        attribution.touch_paths(touches, conversions, 0)
    assert attribution.touch_paths(touches, conversions.iloc[:0]).empty
    assert attribution.touch_paths(touches.iloc[:0], conversions)["channel"].to_list() == ["unknown"] * 2
