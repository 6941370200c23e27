"""The calculators' scripts compute what Python computes, on many random inputs, extreme and senseless ones included."""

import math
import random
from datetime import date, timedelta

import pytest

from onefunnel.home import home
from onefunnel.publish import calculators
from onefunnel.publish.schedule import schedule

pytestmark = pytest.mark.browser

SCRIPTS = home().site / "assets" / "javascripts" / "calculators"
MANY = 300
DICE = random.Random(20260515)


def money(most=1e6):
    """Nothing, a cent, a plain or a huge amount, or one below zero."""
    return DICE.choice([0, 0.01, 1, DICE.uniform(0, most), round(DICE.uniform(0, most)), -DICE.uniform(0, most), most])


def part():
    """A share: within bounds, at them, or far outside."""
    return DICE.choice([0, 1, DICE.random(), DICE.random(), DICE.uniform(-0.5, 1.5), -3, 40])


def funnel():
    rates = [part() for _ in range(DICE.randint(1, 9))]
    people = DICE.choice([0, 1, DICE.uniform(0, 50_000), DICE.uniform(-10, 10)])
    more = DICE.choice([0, 0.1, DICE.uniform(-1.5, 3)])
    return {"people": people, "rates": rates, "more": more, "door": DICE.randint(-1, len(rates)), "points": part()}


def waterfall():
    return {"list_eur": money(1e9), "shares": [part() for _ in calculators.TAKEN]}


def route_plan():
    return {
        "points": part(),
        "category_cases": money(1e8),
        "own_cases": money(1e8),
        "cases": DICE.choice([0, -1, 0.1, 2, DICE.uniform(0.1, 1000)]),
        "contribution_eur": DICE.uniform(-100, 100),
        "stop_eur": money(1000),
    }


def origin_returns():
    many = DICE.randint(1, 12)
    return {
        "margin": part(),
        "revenue": [money(1e10) for _ in range(many)],
        "spend": [money(1e8) for _ in range(many)],
        "counts": [part() for _ in range(many)],
        "unknown": DICE.randint(-1, many - 1),
    }


def revenue_tree():
    def side():
        senseless = DICE.random() < 0.2
        tops = (1e5, 100, 100, 1000)
        return [DICE.choice([0, 1, -1]) if senseless else round(DICE.uniform(0, top), 2) for top in tops]

    before = side()
    after = DICE.choice([side(), list(before), [value * DICE.uniform(0.5, 2) for value in before]])
    return {"before": before, "after": after, "cost_eur": money(1000)}


def budget_shift():
    return {
        "brand_eur": money(),
        "offers_eur": money(),
        "brand_keeps": part(),
        "offers_keeps": DICE.choice([part(), 0.99, 0.75]),
        "brand_return": DICE.uniform(-1, 10),
        "offers_return": DICE.uniform(-1, 10),
        "moved": DICE.uniform(-2, 2),
        "weeks": DICE.choice([0, 1, 13, 104]),
    }


def micromarkets():
    many = DICE.randint(1, 9)
    return {
        "plan": [money() for _ in range(many)],
        "today": [DICE.choice([0, DICE.uniform(0, 1e6), DICE.uniform(1e4, 1e5)]) for _ in range(many)],
        "ceiling": [DICE.choice([0, DICE.uniform(0, 5e6), DICE.uniform(1e5, 1e6)]) for _ in range(many)],
        "scale": [DICE.uniform(1e4, 1e6) for _ in range(many)],
        "cap": part(),
    }


def role_clarity():
    return {
        "purchase_type": DICE.choice(["rebuy", "first", "one_time", "new_business", "new_system", "", "First"]),
        "customised": DICE.random() < 0.5,
        "product_life_months": DICE.choice([0, 23, 24, 25, DICE.uniform(-5, 100)]),
        "cycle_days": DICE.choice([0, 179.5, 180, 181, DICE.uniform(-5, 1000)]),
        "key_account": DICE.random() < 0.5,
    }


def shared_pay():
    def pair():
        target = DICE.choice([0, 100, money(1e7)])
        return [target, DICE.choice([0, target, target * 0.8, target * 0.79999, target * 1.5, target * 2, money(1e7)])]

    return {
        "variable": [money(1e5), money(1e5)],
        "own": [pair(), pair()],
        "shared": pair(),
        "shared_share": part(),
        "gate_open": DICE.random() < 0.7,
    }


def total_price():
    return {side: [money(1e8) for _ in range(5)] for side in ("ours", "theirs")}


def rotation():
    where = DICE.choice([0, 1, 5, 12, 13, 14, 24, 40])
    names = [f"Territory {number}" for number in range(where)]
    who = [f"  Ana {number} \r" for number in range(DICE.choice([0, 1, 2, 7, where, where + 1]))]
    closed = date(2026, 1, 1) + timedelta(days=DICE.randint(0, 400))
    return {
        "marketers": [*who, *DICE.choice([[], ["", " \t"], who[:1]])],
        "territories": [*names, *DICE.choice([[], [""], names[:1] if DICE.random() < 0.2 else []])],
        "weeks": DICE.choice([0, 1, 5, 12, 13, 52, 104, 500]),
        "start": DICE.choice(["2026-05-16", "2028-02-28", "2026-12-31", (closed - timedelta(days=9)).isoformat(), ""]),
        "weekday": DICE.randint(0, 6),
        "working_days": DICE.choice([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6], [4], []]),
        "holidays": [(closed + timedelta(days=days)).isoformat() for days in DICE.sample(range(14), 5)],
    }


#: Name of the script → its Python twin and who makes its inputs.
TWINS = {
    "funnel": (calculators.funnel, funnel),
    "waterfall": (calculators.waterfall, waterfall),
    "route_plan": (calculators.route_plan, route_plan),
    "origin_returns": (calculators.origin_returns, origin_returns),
    "revenue_tree": (calculators.revenue_tree, revenue_tree),
    "budget_shift": (calculators.budget_shift, budget_shift),
    "micromarkets": (calculators.micromarkets, micromarkets),
    "role_clarity": (calculators.role_clarity, role_clarity),
    "shared_pay": (calculators.shared_pay, shared_pay),
    "total_price": (calculators.total_price, total_price),
    "rotation": (schedule, rotation),
}


def load(page, name):
    """The script of one calculator in an empty page."""
    page.goto("about:blank")
    for script in ("core", name):
        page.add_script_tag(content=(SCRIPTS / f"{script}.js").read_text(encoding="utf-8"))


def size(value):
    """The largest number in a result, so that sums of large amounts are compared to their own rounding."""
    if isinstance(value, dict):
        return max(map(size, value.values()), default=1.0)
    if isinstance(value, list | tuple):
        return max(map(size, value), default=1.0)
    return abs(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1.0


def same(found, expected, near):
    """Whether two results say the same: equal words, numbers equal but for the last bits, None where None is."""
    if isinstance(expected, dict):
        return set(found) == set(expected) and all(same(found[key], expected[key], near) for key in expected)
    if isinstance(expected, list | tuple):
        return len(found) == len(expected) and all(map(lambda a, b: same(a, b, near), found, expected))
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return found is expected or found == expected
    return found is not None and math.isclose(found, expected, rel_tol=1e-9, abs_tol=near)


def tolerance(name, given, expected):
    """How far a difference of large amounts may be off: the bits that its terms are rounded by; 104 weeks add up."""
    return (1e-11 if name == "budget_shift" else 1e-14) * max(size(given), size(expected), 1.0)


@pytest.mark.parametrize("name", TWINS)
def test_the_script_and_python_agree_on_many_random_inputs(page, name):
    """The same answer on 300 random inputs each, run in the browser."""
    twin, make = TWINS[name]
    inputs = [make() for _ in range(MANY)]
    load(page, name)
    rules = calculators.RULES.get(name, {})
    answers = page.evaluate(
        "([name, inputs, rules]) => inputs.map((one) => OneFunnel.compute[name](one, rules))", [name, inputs, rules]
    )
    for given, answer in zip(inputs, answers, strict=True):
        expected = twin(**given)
        assert same(answer, expected, tolerance(name, given, expected)), (given, answer, expected)


@pytest.mark.parametrize("name", TWINS)
def test_the_comparison_would_notice_another_formula(page, name):
    """One changed input changes the answer, and the comparison sees it: it cannot pass by being lax."""
    twin, make = TWINS[name]
    told = 0
    for _ in range(40):
        one, other = twin(**make()), twin(**make())
        told += not same(other, one, 1e-9)
    assert told >= 20


def test_every_calculator_has_a_twin():
    """No script computes anything that is not compared here."""
    found = {script.stem for script in SCRIPTS.glob("*.js")} - {"core", "calendar"}
    assert found == set(TWINS)


def test_numbers_are_written_alike(page):
    """Words for numbers from the script and from Python, halves and signs of nothing included."""
    from onefunnel.publish.pages.tools import words

    load(page, "funnel")
    values = [0, 0.5, 1.5, 2.5, -0.4, -0.5, 0.05, 0.125, 0.375, 1234.5, -1234.5, 1e9 + 0.5, 1 / 3, -2 / 3, 0.0005]
    values += [DICE.uniform(-1e6, 1e6) for _ in range(300)] + [DICE.uniform(-1, 1) for _ in range(300)]
    for function, twin in (("amount", "amount"), ("signed", "signed"), ("percent", "percent")):
        for digits in (0, 1, 2):
            found = page.evaluate(
                "([name, values, digits]) => values.map((value) => OneFunnel.say[name](value, digits))",
                [function, values, digits],
            )
            assert found == [getattr(words, twin)(value, digits) for value in values]
    found = page.evaluate("values => values.map((value) => OneFunnel.say.signedMoney(value))", values)
    assert found == [words.signed_money(value, "€") for value in values]
