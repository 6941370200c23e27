"""The test before and after the course: its keys worked out from the numbers in its questions, and two fair forms."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from math import sqrt

import pytest

from onefunnel.learn.items import Item
from onefunnel.learn.world import World

BEFORE, AFTER, FORMS = "where-we-stand", "where-we-are-now", (0, 1)
MONTHS = {"April": 4, "May": 5, "August": 8, "September": 9, "December": 12, "June": 6}
NUMBER = re.compile(r"\d{1,2}:\d{2}|\d+(?:,\d{3})+|\d+")


@pytest.fixture
def items(questions):
    """The twelve questions of the test in both forms: {(name, form): item}."""
    found = questions(BEFORE)
    return {(name, form): found[name].current(form) for name in found for form in FORMS if name.startswith("T")}


def key(item: Item) -> str:
    """The id of the one right option."""
    (right,) = [one["id"] for one in item.spec["options"] if item.digest("pick", one["id"]) in item.key["pick"]]
    return right


def text_of(item: Item, option: str) -> str:
    return next(one["text"] for one in item.spec["options"] if one["id"] == option)


def named(item: Item) -> dict[str, str]:
    """{misconception: the text of its option}."""
    return {item.named(one["id"]): one["text"] for one in item.spec["options"] if item.named(one["id"])}


def numbers(text: str) -> list[float]:
    """The numbers of a text in order, without times of day."""
    return [float(one.replace(",", "")) for one in NUMBER.findall(text) if ":" not in one]


def table(item: Item) -> dict[str, list[float]]:
    """{first cell: the numbers of the row} of the question's table."""
    rows = [line.strip("| ").split("|") for line in item.prompt.splitlines() if line.startswith("|")][2:]
    return {row[0].strip(): [one for cell in row[1:] for one in numbers(cell)] for row in rows}


# --- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_only_one_group_is_too_young(items, form):
    """A share can be computed when the month's last day plus the step's longest wait is over; one share is not."""
    item = items["T1", form]
    first_days, last_days = [int(days) for days in re.findall(r"within (\d+) days", item.prompt)]
    day, month = re.search(r"Today is (\d+) (\w+)", item.prompt).groups()
    today, open_ = date(2026, MONTHS[month], int(day)), []
    for name, (people, first, last) in table(item).items():
        assert last <= first <= people
        start = date(2026 if MONTHS[name] <= today.month else 2025, MONTHS[name], 1)
        month_end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        steps = [f"{name}: {step}" for step in ("accepted", "won")]
        if form:
            steps = [f"{name}: {step}" for step in ("test coolers brought", "contracts signed")]
        open_ += [
            step
            for step, days in zip(steps, (first_days, last_days), strict=True)
            if month_end + timedelta(days=days) > today
        ]
    assert len(open_) == 1 and text_of(item, key(item)).startswith(open_[0])


@pytest.mark.parametrize("form", FORMS)
def test_the_first_touch_is_due_when_the_business_hours_are_over(items, form):
    """Minute by minute by hand: what is left of the day of assignment, the rest from the next opening on."""
    item = items["T2", form]
    hours = numbers(re.search(r"within (\d+) business hours", item.prompt)[0])[0]
    opens, closes, created, assigned = [minutes(one) for one in re.findall(r"\d{1,2}:\d{2}", item.prompt)]
    first, others = ("Friday", "Monday") if form == 0 else ("Thursday", "Monday")  # in B Friday is a holiday

    def due(start: float) -> str:
        left = hours * 60 - (closes - start)
        return f"{others}, {clock(opens + left)}" if left > 0 else f"{first}, {clock(start + hours * 60)}"

    assert text_of(item, key(item)) == due(assigned)
    assert named(item) == {
        "from_created": due(created),
        "calendar_hours": f"{first}, {clock(assigned + hours * 60)}",
        "restarts_after_the_break": f"{others}, {clock(opens + hours * 60)}",
    }


def minutes(clock_time: str) -> int:
    hour, minute = clock_time.split(":")
    return int(hour) * 60 + int(minute)


def clock(minute: float) -> str:
    return f"{int(minute) // 60}:{int(minute) % 60:02d}"


@pytest.mark.parametrize("form", FORMS)
def test_the_win_rate_is_won_of_decided(items, form):
    """Won ÷ (won + lost), in whole per cent; each wrong option is the number of its misconception."""
    item = items["T3", form]
    won, lost, open_ = re.search(r"(\d+) \w+ \w+, (\d+) \w+ \w+,? and (\d+)", item.prompt).groups()
    won, lost, open_ = int(won), int(lost), int(open_)
    assert text_of(item, key(item)) == f"{100 * won / (won + lost):.0f} per cent"
    assert {name: numbers(text)[0] for name, text in named(item).items()} == {
        "open_in_denominator": round(100 * won / (won + lost + open_)),
        "won_to_lost": round(100 * won / lost),
        "loss_rate": round(100 * lost / (won + lost)),
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_gap_is_within_luck(items, form):
    """The 95 % interval of the difference (1.96 standard errors) holds 0, and also a gap of more than 20 points.

    So neither “better” nor “equal” follows. The side that looks better leads by rate and by count, as the options say.
    """
    item = items["T4", form]
    won, of, others_won, others_of = numbers(item.prompt)
    one, other = won / of, others_won / others_of
    error = sqrt(one * (1 - one) / of + other * (1 - other) / others_of)
    assert one - other - 1.96 * error < 0 < 0.2 < one - other + 1.96 * error
    assert one > other and won > others_won
    assert text_of(item, key(item)).startswith("Luck alone")


@pytest.mark.parametrize("form", FORMS)
def test_one_origin_loses_money(items, form):
    """Revenue × margin − spend is below 0 for one origin only, though every revenue is above its spend."""
    item = items["T5", form]
    rows = table(item)
    left = {name: revenue * margin / 100 - spend for name, (spend, revenue, margin) in rows.items()}
    (loser,) = [name for name, value in left.items() if value < 0]
    assert text_of(item, key(item)) == loser
    assert all(revenue > spend for spend, revenue, _ in rows.values())
    said = named(item)
    assert said["biggest_spend_loses"] == max(rows, key=lambda name: rows[name][0])
    assert said["smallest_revenue_loses"] == min(rows, key=lambda name: rows[name][1])


@pytest.mark.parametrize("form", FORMS)
def test_the_next_euro_goes_where_it_adds_most(items, form):
    """The place with the highest return of the next money; it has the lower average and the lower sales."""
    item = items["T6", form]
    rows = table(item)
    best = max(rows, key=lambda name: rows[name][2])
    (other,) = set(rows) - {best}
    assert rows[best][1] < rows[other][1] and rows[best][0] < rows[other][0]
    assert best.lower() in text_of(item, key(item)).lower()
    said = named(item)
    assert all(other.lower() in said[name].lower() for name in ("average_for_next_euro", "follows_current_sales"))
    assert rows[best][2] > (rows[best][2] + rows[other][2]) / 2, "half and half brings less"


@pytest.mark.parametrize("form", FORMS)
def test_the_fair_gap_is_a_third_of_the_raw_one(items, form):
    """Counts give the printed shares, groups add up, the gap within both groups is the same: a third of the raw one."""
    item = items["T7", form]
    *groups, whole = table(item).values()
    for with_it, of_it, share, without, of_rest, other_share in (*groups, whole):
        assert share == 100 * with_it / of_it and other_share == 100 * without / of_rest
    for column in (0, 1, 3, 4):
        assert sum(group[column] for group in groups) == whole[column]
    fair, raw = {group[2] - group[5] for group in groups}, whole[2] - whole[5]
    assert len(fair) == 1
    (fair,) = fair
    assert raw == 3 * fair and numbers(text_of(item, key(item))) == [fair]
    said = named(item)
    assert numbers(said["raw_gap"]) == [raw] and numbers(said["takes_the_mix"]) == [raw - fair]
    assert said["mix_explains_all"] == "None"


@pytest.mark.parametrize("form", FORMS)
def test_the_opinions_share_is_the_wrong_size(items, form):
    """The number of the question stands in the two options that misuse it, and not in the right one."""
    item = items["T8", form]
    (asked,) = numbers(item.prompt)
    said = named(item)
    assert numbers(said["share_as_size"]) == numbers(said["says_so_does_so"]) == [asked]
    assert numbers(text_of(item, key(item))) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_rule_that_brings_most(items, form):
    """Share of the tried that came back × what can be placed (no more than fit); the misconceptions lead elsewhere."""
    item = items["T9", form]
    units = numbers(item.prompt)[0]
    rows = table(item)
    brings = {name: again / tried * min(units, fitting) for name, (fitting, _, tried, again) in rows.items()}
    best, second = sorted(brings.values(), reverse=True)[:2]
    assert text_of(item, key(item)) == max(brings, key=brings.get) and best > 2 * second
    said = named(item)
    assert said["volume_is_fit"] == max(rows, key=lambda name: rows[name][1])
    assert said["counts_not_rates"] == max(rows, key=lambda name: rows[name][3])
    assert said["too_few_outlets"] == max(rows, key=lambda name: rows[name][3] / rows[name][2])


@pytest.mark.parametrize("form", FORMS)
def test_the_shelf_orders_less_after_a_load(items, form):
    """The shops order what they sell minus what was loaded: sold − (shipped − sold)."""
    item = items["T10", form]
    before, sold, percent, sold_again = numbers(item.prompt)
    assert before == sold == sold_again
    shipped = sold * (1 + percent / 100)
    said = {name: numbers(text)[0] for name, text in named(item).items()}
    assert numbers(text_of(item, key(item))) == [sold - (shipped - sold)]
    assert said == pytest.approx(
        {
            "forgets_the_stock": sold,
            "sell_in_is_demand": shipped,
            "growth_goes_on": shipped * (1 + percent / 100),
        }
    )


@pytest.mark.parametrize("form", FORMS)
def test_young_deals_can_only_be_quick(items, form):
    """Whatever is created in the window and closed took less than it; the older median lies near or above its end."""
    item = items["T11", form]
    window, median, older = numbers(item.prompt)
    assert median < window and older > window / 2
    assert numbers(named(item)["process_improved"]) == [older - median]
    assert "still" in text_of(item, key(item))


def test_every_key_with_numbers_is_worked_out_here(items):
    """Only the question on goals carries no number in either form; all others have a test above."""
    assert {name for (name, _), item in items.items() if not numbers(item.prompt)} == {"T12"}


# --- two forms -----------------------------------------------------------------------------------------------------


def test_both_forms_ask_the_same_skills_two_for_each_cluster(questions, truth):
    """Six clusters of the playbook, two questions each, and the second sitting asks for the same skills."""
    before, after = questions(BEFORE), questions(AFTER)
    skills = {name: before[name].skill for name in before if name.startswith("T")}
    assert skills == {name: after[name].skill for name in after if name.startswith("T")}
    clusters = Counter(truth.skill(skill).cluster for skill in skills.values())
    assert clusters == {cluster.id: 2 for cluster in truth.clusters} and len(clusters) == 6


def test_both_forms_have_the_same_structure(items):
    """Four options, one right, three named misconceptions that are the same in A and B, in another order."""
    for name in {name for name, _ in items}:
        a, b = items[name, 0], items[name, 1]
        for item in (a, b):
            assert len(item.spec["options"]) == 4 and len(named(item)) == 3 and item.spec["choose"] == 1
            lengths = sorted(len(one["text"]) for one in item.spec["options"])
            assert lengths[-1] <= 2.5 * lengths[0] or lengths[-1] - lengths[0] < 25, f"{name}: one option stands out"
        assert set(named(a)) == set(named(b)), name
        order = [[item.named(one["id"]) for one in item.spec["options"]] for item in (a, b)]
        assert order[0] != order[1], f"{name}: the options stand in the same order"


def test_the_right_option_stands_in_every_place(items):
    """In each form each of the four places is right at least twice and at most five times: no place can be guessed."""
    for form in FORMS:
        places = Counter(
            [one["id"] for one in item.spec["options"]].index(key(item))
            for (_, which), item in items.items()
            if which == form
        )
        assert len(places) == 4 and max(places.values()) <= 5, places


def test_the_forms_share_no_number(items):
    """No number, and no time of day, of one form's question or options stands in the other's."""
    for name in {name for name, _ in items}:
        a, b = (set(NUMBER.findall(whole(items[name, form]))) for form in FORMS)
        assert not a & b, f"{name}: both forms say {a & b}"


def test_the_forms_tell_other_stories(items):
    """Of a form's words of five letters or more at most three quarters are in the other, where they name the thing."""
    for name in {name for name, _ in items}:
        a, b = (set(re.findall(r"[a-zé]{5,}", whole(items[name, form]).lower())) for form in FORMS)
        assert len(a & b) <= 0.75 * min(len(a), len(b)), f"{name}: {sorted(a & b)}"


def whole(item: Item) -> str:
    return "\n".join([item.prompt, *(one["text"] for one in item.spec["options"])])


def test_who_meets_form_a_first_meets_form_b_later(questions, tables, truth):
    """Counter-balanced: of 40 learners some begin with A and some with B, and everybody changes over."""
    before, after, first = questions(BEFORE), questions(AFTER), Counter()
    for number in range(40):
        learner = f"learner{number}"
        asked = before.asked("T3", 0, learner), after.asked("T3", 0, learner)
        assert {one.variant for one in asked} == set(FORMS)
        assert asked[1].prompt == before["T3"].current(asked[1].variant).prompt
        first[asked[0].variant] += 1
    assert min(first.values()) >= 10


def test_the_second_sitting_ends_with_every_skill(questions, tables, truth):
    """The matrix asks for all 21 skills of the playbook, each with new, can, can show others."""
    from onefunnel.learn.scoring import choices

    matrix = questions(AFTER)["S1"]
    world = World.of(tables, truth, "ana")
    assert [row for row, _ in choices.rows(matrix, world)] == [skill.id for skill in truth.skills]
    assert [level for level, _ in choices.options(matrix, world)] == ["new", "can", "show"]
    assert list(questions(AFTER))[-1] == "S1"
