"""The mix, decisions, steps in other lines and the maturity check: what `check` says about a fault in them."""

import shutil
from pathlib import Path

import pytest

from onefunnel.home import home
from onefunnel.playbook import load
from onefunnel.playbook.check import check
from onefunnel.playbook.loading import examine, read_all


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the real playbook."""
    return shutil.copytree(home().playbooks, tmp_path / "playbooks")


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; return its line."""
    text = path.read_text(encoding="utf-8")
    start = text.index(old)
    path.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8", newline="\n")
    return text.count("\n", 0, start) + 1


FAULTS = [
    ("mix.yml", "owner: product_marketer", "owner: product_maker",
     'part "product": unknown role "product_maker". Did you mean "product_marketer"?'),
    ("mix.yml", "{metric: pocket_price,", "{metric: pocket_prise,",
     'part "price": unknown metric "pocket_prise". Did you mean "pocket_price"?'),
    ("mix.yml", "{line: packaged,", "{line: packed,",
     'part "product": unknown business line "packed". Did you mean "packaged"?'),
    ("mix.yml", "plays: [message_matrix,", "plays: [message_matrx,",
     'part "product": unknown play "message_matrx". Did you mean "message_matrix"?'),
    ("mix.yml", "  - id: place", "  - id: product", 'part "product": id "product" is already used in line 7.'),
    ("mix.yml", "    question: What does it do for me, in my own numbers?\n", "",
     'part "product": field "question" is missing. Add it: what the buyer asks.'),
    ("funnel.yml", "{line: packaged,", "{line: packagd,",
     'step "unaware": unknown business line "packagd". Did you mean "packaged"?'),
    ("roles.yml", "decides: [lead_manager]", "decides: [lead_manger]",
     'decision "origin_list": unknown role "lead_manger". Did you mean "lead_manager"?'),
    ("maturity.yml", "play: operating_model", "play: operating_modl",
     'topic "owners": unknown play "operating_modl". Did you mean "operating_model"?'),
    ("maturity.yml", "play: operating_model", "play: launch_gate",
     'topic "failure": play "launch_gate" already stands in topic "owners". Name another play in one of them.'),
    ("maturity.yml", "start_after_weeks: [1, 4, 8]", "start_after_weeks: [4, 1, 8]",
     "the weeks must rise, from 1 or more. Mend the numbers."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_a_fault_is_named_with_its_file_line_and_mend(folder, file, old, new, message):
    """One fault gives one error, on the line where it can be mended, with the mend."""
    line = edit(folder / file, old, new)
    found = examine(read_all(folder))[1]
    assert len(found) == 1, found
    (error,) = found
    assert error.file == f"playbooks/{file}"
    assert f"{error.where}: {error.message}".removeprefix(": ").startswith(message)
    if "already stands" not in message and "missing" not in message:
        assert error.line == line


def test_several_who_decide_need_somebody_above_them(folder):
    """Two roles that decide together, and nobody for a tie, is an error; so is a tie broken by one of the two."""
    edit(folder / "roles.yml", "    tie: executive_sponsor\n", "")
    (error,) = examine(read_all(folder))[1]
    assert error.where == 'decision "lead_threshold"' and "Name in `tie` who decides" in error.message
    edit(folder / "roles.yml", "decides: [lead_manager, development_manager]\n",
         "decides: [lead_manager, development_manager]\n    tie: lead_manager\n")  # fmt: skip
    (error,) = examine(read_all(folder))[1]
    assert "Name a role above them" in error.message


def test_a_line_of_business_stands_once(folder):
    """The same line twice under one step is an error on that step."""
    edit(folder / "funnel.yml", "{line: premium,", "{line: packaged,")
    (error,) = examine(read_all(folder))[1]
    assert error.where == 'step "unaware"' and "packaged stands here twice. Keep it once" in error.message


def test_each_topic_has_an_answer_for_each_level(folder):
    """A level without an answer could never be chosen; the line of the answers is named."""
    text = (folder / "maturity.yml").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines(keepends=True) if "operating_model" in one)
    edit(folder / "maturity.yml", line, "")
    (error,) = examine(read_all(folder))[1]
    assert error.where == 'topic "owners"'
    assert error.message == "3 answers, but there are 4 levels. Give one answer for each level, lowest first."


def test_a_company_may_leave_the_mix_and_the_check_out(folder):
    """Without the two files the playbook loads, and nothing else is missing."""
    (folder / "mix.yml").unlink()
    (folder / "maturity.yml").unlink()
    playbook = load(folder)
    assert playbook.mix == () and playbook.maturity is None


def test_a_lesson_that_a_path_names_may_still_be_on_its_way(folder):
    """A play or a part of the mix may name it; a lesson that no path names either is an error."""
    edit(folder / "mix.yml", "lessons: [product]", "lessons: [prodct]")
    said = [str(one) for one in check(folder) if one.level == "error"]
    assert len(said) == 1 and 'there is no lesson "prodct". Did you mean "product"?' in said[0]
    assert said[0].startswith("playbooks/mix.yml:")
    edit(folder / "paths.yml", "[start-here, ", "[start-here, prodct, ")
    assert [str(one) for one in check(folder) if one.level == "error"] == []


def test_no_number_of_the_company_is_typed_into_the_mix():
    """The mix names metrics; its sentences hold no figure, so none can grow old."""
    for part in load().mix:
        words = [part.means, part.say, part.not_this, part.marketing_does, part.sales_does]
        words += [line.is_ for line in part.in_lines] + [figure.shows for figure in part.figures]
        assert not [word for word in words if any(letter.isdigit() for letter in word)], part.id


def test_the_four_parts_of_the_mix_are_owned_and_measured():
    """Product, place, price and promotion, each with an owner, figures, plays, and a word on every line of business."""
    playbook = load()
    assert [part.id for part in playbook.mix] == ["product", "place", "price", "promotion"]
    lines = {line.id for line in playbook.company.business_lines}
    for part in playbook.mix:
        assert {one.line for one in part.in_lines} == lines
        assert len(part.figures) >= 3 and part.plays and part.lessons


def test_every_step_says_what_it_is_in_the_other_lines():
    """Steps keep their ids and owners in other lines; only the words differ."""
    playbook = load()
    others = {line.id for line in playbook.company.business_lines} - {"office"}
    for step in playbook.steps:
        assert {one.line for one in step.in_lines} == others, step.id
