"""Plays: their pages, and the files to fill in."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil

import pytest
import yaml
from docx import Document
from openpyxl import load_workbook

from onefunnel.data import load as tables
from onefunnel.home import home
from onefunnel.metrics.catalogue import value
from onefunnel.playbook import PlaybookError, load
from onefunnel.playbook.plays import Play, Sheet, Template
from onefunnel.publish import templates

SHEET = {"heading": "Steps: who?", "help": "One line a step.", "columns": ["Step", "Owner", "Agreed?"]}


def play(**template):
    """A play with one template."""
    front = {"id": "p", "name": "P", "summary": "S.", "when": "W.", "owner": "territory_rep", "cadence": "weekly"}
    return Play(**front, minutes=10, review_by="2027-01-01", template={"name": "T", **template})


def made(one):
    """The bytes of a play's file, with the kit's own playbook."""
    playbook = load().model_copy(update={"plays": (one,)})
    ((path, data),) = templates.files(playbook)
    assert path == f"plays/p.{one.template.kind}"
    return data


def test_workbook_holds_the_steps_and_their_owners():
    """A sheet with `rows_from: steps` has one row a step with its accountable role, then the empty rows."""
    data = made(play(kind="xlsx", sheets=[SHEET | {"rows_from": "steps", "empty_rows": 1}]))
    (page,) = load_workbook(io.BytesIO(data)).worksheets
    values = [[cell.value for cell in line] for line in page.iter_rows()]
    funnel = yaml.safe_load((_playbooks() / "funnel.yml").read_text(encoding="utf-8"))["steps"]
    roles = yaml.safe_load((_playbooks() / "roles.yml").read_text(encoding="utf-8"))["roles"]
    names = {role["id"]: role["name"] for role in roles}
    assert values[2] == ["Step", "Owner", "Agreed?"]
    assert [row[:2] for row in values[3 : 3 + len(funnel)]] == [
        [step["name"], names[step["accountable"]["role"]]] for step in funnel
    ]


def test_word_document_holds_heading_help_and_rows():
    """A docx has the template's name, each sheet's heading and help, and a table with its rows."""
    data = made(play(kind="docx", sheets=[SHEET | {"rows": [["Trial", "Kim"]]}]))
    page = Document(io.BytesIO(data))
    text = [paragraph.text for paragraph in page.paragraphs]
    assert text[0] == "T"
    assert "Steps: who?" in text
    assert "One line a step." in text
    assert [[cell.text for cell in row.cells] for row in page.tables[0].rows] == [
        SHEET["columns"],
        ["Trial", "Kim", ""],
    ]


def test_csv_opens_in_excel_with_accents():
    """A csv begins with the mark by which Excel knows UTF-8, and has one line a row."""
    data = made(play(kind="csv", sheets=[SHEET | {"rows": [["Café", "=cmd"]], "empty_rows": 2}]))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [SHEET["columns"], ["Café", "=cmd", ""], ["", "", ""], ["", "", ""]]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_same_playbook_gives_the_same_bytes(kind, monkeypatch):
    """A file that says the same as before is the same file, whatever the clock says."""
    one = play(kind=kind, sheets=[SHEET])
    first = made(one)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert made(one) == first


def test_rows_that_do_not_fit_are_refused():
    """More cells than columns, or two tables in one csv, are errors that say what to do."""
    with pytest.raises(ValueError, match="Drop cells"):
        Sheet(heading="H", columns=("a",), rows=(("1", "2"),))
    with pytest.raises(ValueError, match="Keep one sheet"):
        Template(name="T", kind="csv", sheets=(SHEET, SHEET))


def test_agenda_longer_than_the_meeting_is_named(tmp_path):
    """The error names the play's file and both times."""
    copy = _copy(tmp_path)
    path = copy / "plays" / "launch_gate.md"
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 45", "minutes: 15"), encoding="utf-8")
    with pytest.raises(PlaybookError, match=r"launch_gate.md.*the agenda takes 45 minutes, but a run takes 15"):
        load(copy)


def test_every_measure_can_be_computed():
    """Each play's measure is a number of the sample company, with the arguments that the play gives."""
    playbook, company = load(), tables().company()
    for one in playbook.plays:
        if one.measure:
            found = value(one.measure.metric, company, playbook, **one.measure.arguments)
            assert math.isfinite(found), one.id


STEP = re.compile(r"^(\d+\.|-|\|) ", re.MULTILINE)  # a numbered line, a bullet or a row


@pytest.mark.parametrize("one", load().plays, ids=lambda one: one.id)
def test_a_play_is_whole(one):
    """When, who, with whom, steps, a first meeting that fills its time, a file, a measure, a lesson, a review date."""
    playbook = load()
    assert one.when and one.cadence and one.with_ and one.review_by
    assert playbook.role(one.owner).id not in one.with_
    assert len(STEP.findall(playbook.play_texts[one.id][1])) >= 3
    assert len(one.agenda) >= 2 and sum(part.minutes for part in one.agenda) == one.minutes
    assert one.template and all(templates.rows(sheet, playbook) for sheet in one.template.sheets)
    assert one.measure and one.measure.reads
    assert one.lesson in {lesson for path in playbook.paths for lesson in path.lessons}
    assert one.ideas


def test_the_ways_of_the_maturity_check_can_be_ticked_on_paper():
    """The file of the play has one row a topic, with the sentences of maturity.yml."""
    playbook = load()
    raw = yaml.safe_load((_playbooks() / "maturity.yml").read_text(encoding="utf-8"))
    data = dict(templates.files(playbook))["plays/maturity_check.xlsx"]
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    values = [[cell.value for cell in line] for line in page.iter_rows(min_row=3)]
    assert values[0][1:] == [level["name"] for level in raw["levels"]]
    assert values[1:] == [[topic["name"], *(one["is"] for one in topic["answers"])] for topic in raw["topics"]]


def _playbooks():
    return home().playbooks


def _copy(folder):
    shutil.copytree(_playbooks(), folder / "playbooks")
    return folder / "playbooks"
