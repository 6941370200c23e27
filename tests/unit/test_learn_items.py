"""Items and their sealed keys: what the builder writes, scoring can read, and nobody reads by accident."""

import json
import re

import pytest
from learn_world import ITEMS, item, sealed, world

from onefunnel.errors import Problem
from onefunnel.learn import keys
from onefunnel.learn.items import UNSCORED, load_items
from onefunnel.learn.scoring import score
from onefunnel.learn.simulate import right_answer, right_code, wrong_answer, wrong_code


def write(folder, items, **changes):
    path = folder / "demo.items.json"
    path.write_text(json.dumps({"format": 1, "lesson": "demo", "title": "Demo", "items": items, **changes}), "utf-8")
    return path


def test_a_sealed_item_says_nothing_in_clear():
    """No solution, no misconception on an option, no wrong pair, no formula stands in the text."""
    for name in ITEMS:
        text = json.dumps(sealed(name))
        assert not re.search(r'"(solution|wrong_pairs|wrong_rows|wrong_formulas|misconception)"', text), name
    assert '"a1", "a2"' not in json.dumps(sealed("H1")["key"])


def test_digests_depend_on_lesson_item_version_and_place():
    """The same choice has another digest elsewhere, so one key does not tell another."""
    assert len({keys.digest("a", "E1", 0, "x"), keys.digest("b", "E1", 0, "x"), keys.digest("a", "E2", 0, "x")}) == 3
    assert re.fullmatch("[0-9a-f]{16}", keys.digest("a", "E1"))


def test_sealing_is_the_same_every_time():
    """Byte-identical from build to build."""
    assert all(json.dumps(sealed(name)) == json.dumps(sealed(name)) for name in ITEMS)


def test_variants_lie_over_the_base_and_keep_only_what_they_change():
    """The second version has its own prompt and key and the base's parts."""
    built = sealed("W1")
    assert set(built["variants"][0]) == {"prompt", "key"}
    fresh = item("W1").current(1)
    assert fresh.spec["parts"] == built["parts"] and fresh.versions == 2 and fresh.current(0).prompt == "Answer both."


def test_misconceptions_are_listed():
    """Named choices, wrong values and wrong formulas, each once."""
    assert item("N1").misconceptions == ("open_in_denominator", "loss_rate")
    assert item("T1").misconceptions == ("skips_dropped", "counts_twice")
    assert set(item("M1").misconceptions) == {"mql_is_opportunity", "counts_money"}


@pytest.mark.parametrize("name", list(ITEMS))
def test_every_item_has_a_right_answer_and_one_for_each_misconception(name):
    """The simulated answers do what they promise, in every version; unnamed mistakes too."""
    place = world()
    for number in range(item(name).versions):
        asked = item(name).current(number)
        assert score(asked, right_answer(asked, place), place).status == "right"
        for misconception in asked.misconceptions:
            found = score(asked, wrong_answer(asked, misconception, place), place)
            assert found.misconception == misconception and found.message
        if asked.type not in UNSCORED:
            assert score(asked, wrong_answer(asked, None, place), place).status in ("wrong", "partial")


def test_simulated_code_is_right_or_shows_the_mistake():
    """The code twins: a number for a line, a function for a function."""
    place = world()
    assert score(item("N1"), None, place, right_code(item("N1"), place)).status == "right"
    assert score(item("T1"), None, place, right_code(item("T1"), place)).status == "right"
    for name, misconception in (("N1", "loss_rate"), ("T1", "skips_dropped")):
        code = wrong_code(item(name), misconception, place)
        assert score(item(name), None, place, code).misconception == misconception


def test_an_item_whose_key_is_wrong_is_a_problem():
    """A formula that does not give the value is found before a learner meets it."""
    with pytest.raises(Problem, match="its own key"):
        right_answer(item("T1", solution={"formula": ["deals"]}), world())


def test_items_are_read_in_order_with_near_matches(tmp_path):
    """The order is the notebook's; an unknown id names near ones."""
    items = load_items(write(tmp_path, {name: sealed(name) for name in ("P1", "N1", "T1")}))
    assert list(items) == ["P1", "N1", "T1"] and items["N1"].qualified == "demo/N1" and items["N1"].points == 4
    with pytest.raises(Problem, match=r"no question 'N2'\. Did you mean"):
        items["N2"]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({"E1": {"type": "nmber"}}, "unknown type 'nmber'. Did you mean number?"),
        ({"E1": {"type": "tiles", "value": {}, "unit": "count"}}, "E1 (tiles) lacks tokens"),
        ({"E1": {"type": "hotspot"}}, "lacks value (or a sealed key)"),
        ({"E1": []}, "not a table"),
    ],
)
def test_faults_name_file_question_and_field(tmp_path, items, said):
    """All faults of a question file are told with where they are."""
    with pytest.raises(Problem, match=re.escape(said)) as error:
        load_items(write(tmp_path, items))
    assert "demo.items.json" in str(error.value)


def test_missing_foreign_or_damaged_files_are_plain_problems(tmp_path):
    """No file, no JSON, another format."""
    with pytest.raises(Problem, match="not beside the notebook"):
        load_items(tmp_path / "demo.items.json")
    with pytest.raises(Problem, match="not a question file"):
        load_items(write(tmp_path, {}, format=2))
    (tmp_path / "demo.items.json").write_text("{", "utf-8")
    with pytest.raises(Problem, match="cannot be read"):
        load_items(tmp_path / "demo.items.json")
