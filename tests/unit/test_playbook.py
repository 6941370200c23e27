"""The real playbook: it loads from anywhere, is whole, and its content keeps the promises of the house."""

import json
import os
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.playbook import PlaybookError, load, schemas
from onefunnel.playbook.check import check
from onefunnel.playbook.loading import examine, read_all
from onefunnel.playbook.reader import FastLoader

STEPS = ["unaware", "aware", "engaged", "marketing_qualified", "accepted", "qualified", "trial", "proposal"]
STEPS += ["decision", "won", "live", "renewed"]


@pytest.fixture(scope="module")
def playbook():
    """The kit's own playbook."""
    return load()


def test_real_playbook_has_no_error():
    """The playbook in the repository passes its own check."""
    _, findings = examine(read_all(home().playbooks))
    assert [str(one) for one in findings] == []


def test_loads_from_any_working_directory(tmp_path, monkeypatch):
    """load() looks for the kit, not for the working directory."""
    monkeypatch.chdir(tmp_path)
    assert load().company.name == "Altamar Coffee"


def test_same_object_until_a_file_changes(copied):
    """Loading twice is free; a changed file is read again."""
    first = load(copied)
    assert load(copied) is first
    company = copied / "company.yml"
    company.write_text(company.read_text(encoding="utf-8").replace("Altamar Coffee", "Mareas Coffee"), encoding="utf-8")
    os.utime(company, (1, 1))
    assert load(copied).company.name == "Mareas Coffee"


def test_twelve_steps_in_order(playbook):
    """The steps run from search to renewal, in the order that buyers go through them."""
    assert list(playbook.step_ids) == STEPS
    phases = [step.phase for step in playbook.steps]
    order = [phase.id for phase in playbook.company.phases]
    assert phases == sorted(phases, key=order.index)
    assert list(Counter(phases).values()) == [3, 3, 4, 2]


def test_every_step_has_exactly_one_accountable_of_its_function(playbook):
    """Each step has one function and one role, and the role belongs to the function."""
    for step in playbook.steps:
        assert playbook.role(step.accountable.role).function == step.accountable.function
        assert step.service and step.hazards and step.crm


def test_every_role_in_a_step_exists_and_every_role_has_work(playbook):
    """Nobody is named who has no page; nobody has a page without something to answer for."""
    for step in playbook.steps:
        for role in (*step.responsible, *step.consulted, *step.informed):
            assert playbook.role(role)
    for role in playbook.roles:
        assert playbook.steps_of(role.id) or role.accountable_for


def test_steps_of_a_role_come_from_the_funnel(playbook):
    """A territory rep answers for three steps; a key account manager for the same three on key accounts."""
    assert [step.id for step in playbook.steps_of("territory_rep")] == ["qualified", "proposal", "decision"]
    assert playbook.steps_of("key_account_manager") == playbook.steps_of("territory_rep")


def test_all_ideas_are_there_once(playbook):
    """Ideas 1 to 94, each in its own words and from one of five articles."""
    assert [idea.number for idea in playbook.ideas] == list(range(1, 95))
    assert len({idea.statement for idea in playbook.ideas}) == 94
    assert {playbook.article(idea.source).id for idea in playbook.ideas} == {one.id for one in playbook.articles}


def test_definitions_are_one_sentence(playbook):
    """A definition is shown as a tooltip, so it is one sentence; contested words have both readings."""
    for term in playbook.glossary:
        assert term.definition.endswith(".") and ". " not in term.definition, term.id
        assert (term.marketing_says is None) == (term.sales_hears is None), term.id
    assert len(playbook.glossary) >= 45


def test_a_skill_has_its_place_in_the_test(playbook):
    """There are 21 skills; the test's six clusters ask for all but the one that is seen at work."""
    assert len(playbook.skills) == 21
    assert {skill.cluster for skill in playbook.skills} == {cluster.id for cluster in playbook.clusters} | {None}


def test_no_sentence_of_an_article_is_copied(playbook):
    """Figures carry over from the articles, sentences do not: phrases that only an article has are absent."""
    texts = [path.read_text(encoding="utf-8") for path in home().playbooks.glob("*.yml")]
    for phrase in ("Star Wars", "incredible", "nosedive", "eye-opening", "lion’s share", "perennial"):
        assert not any(phrase in text for text in texts), phrase


def test_calendar_counts_working_days(playbook):
    """A Friday is a business day; a Saturday and a holiday are not."""
    calendar = playbook.calendar
    assert calendar.is_business_day(date(2026, 5, 15))
    assert not calendar.is_business_day(date(2026, 5, 16))
    assert not calendar.is_business_day(date(2026, 4, 3))
    assert calendar.hours_a_day == 8


def test_time_limits_in_words(playbook):
    """Limits read as people say them."""
    words = {s.what: s.within.words for step in playbook.steps for s in step.service}
    assert words["We open the talk."] == "120 days before"
    assert words["A human gets in touch for the first time."] == "4 business hours"
    assert words["Every target account gets at least one touch."] == "a quarter"
    assert words["A price at or above the floor is approved."] == "1 business day"


def test_unknown_id_names_the_near_match(playbook):
    """A lookup with a typing mistake says which id was probably meant."""
    with pytest.raises(Problem, match=r'no step "trail"\. Did you mean "trial"'):
        playbook.step("trail")
    with pytest.raises(Problem, match=r'no role "zzz"\. There are: brand_manager, '):
        playbook.role("zzz")


def test_playbook_is_frozen(playbook):
    """Nobody changes the truth while it is in use."""
    with pytest.raises(ValidationError):
        playbook.steps[0].name = "Other"


def test_missing_folder_is_one_plain_message(tmp_path):
    """A wrong folder is said in one sentence."""
    with pytest.raises(Problem, match="there is no such folder"):
        load(tmp_path / "nowhere")


def test_missing_file_is_an_error_with_its_name(copied):
    """Without metrics.yml nothing loads, and no other error hides that."""
    (copied / "metrics.yml").unlink()
    with pytest.raises(PlaybookError) as caught:
        load(copied)
    assert [one.file for one in caught.value.findings] == ["playbooks/metrics.yml"]


def test_schemas_are_fresh():
    """playbooks/schema/ says what the models say; else: python kit.py check --write-schemas."""
    assert schemas.stale(home().playbooks) == []


def test_every_schema_describes_its_fields():
    """An editor has something to show for the fields that people fill in."""
    for name, text in schemas.schema_texts().items():
        schema = json.loads(text)
        described = ["description" in field for field in schema["properties"].values()]
        assert sum(described) >= 1, name
        assert schema["additionalProperties"] is False


def test_stale_schema_is_found_and_written(copied):
    """A schema that differs is an error that names the command; writing mends it."""
    (copied / "schema" / "funnel.schema.json").write_text("{}", encoding="utf-8")
    stale = [str(one) for one in check(copied) if "schema" in one.file]
    assert stale == [
        "playbooks/schema/funnel.schema.json: this schema is not what the models say. "
        "Run: python kit.py check --write-schemas"
    ]
    assert schemas.write(copied) == ["funnel.schema.json"]
    assert schemas.stale(copied) == []


@pytest.fixture
def copied(tmp_path) -> Path:
    """A copy of the real playbook."""
    return shutil.copytree(home().playbooks, tmp_path / "playbooks")


def test_every_file_reads_the_same_without_the_c_reader():
    """The quick C reader lets a few things pass that the plain one refuses, and not every Python has the quick one."""
    for path in [*home().playbooks.glob("*.yml"), *home().playbooks.glob("plays/*.md")]:
        if path.name == "README.md":
            continue
        text = path.read_text(encoding="utf-8")
        front = text.split("---\n")[1] if path.suffix == ".md" else text
        assert yaml.load(front, yaml.SafeLoader) == yaml.load(front, FastLoader), path.name
