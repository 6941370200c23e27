"""A learner's own field notes: rows are added, nothing is lost, and what cannot be written is said."""

import csv

import pytest

from onefunnel.errors import Problem
from onefunnel.learn import notes

NOTE = {
    "noted_on": "2026-05-04",
    "where": "Café Uno",
    "kind": "price",
    "seen": "“10 % off”, he said",
    "could_change": "",
}


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_the_first_note_makes_the_file_and_the_next_is_added(tmp_path):
    """One line of heads, a row a note, in the order of writing; a spreadsheet knows the letters by a mark in front."""
    path = notes.append(tmp_path, NOTE)
    assert notes.append(tmp_path, NOTE | {"seen": "no, 5"}) == path == tmp_path / "my-field-notes.csv"
    first = ["2026-05-04", "Café Uno", "price", "“10 % off”, he said", ""]
    assert rows(path) == [["noted_on", "where", "kind", "seen", "could_change"], first, [*first[:3], "no, 5", ""]]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and path.read_bytes().count(b"\xef\xbb\xbf") == 1
    assert [note["seen"] for note in notes.read(tmp_path)] == ["“10 % off”, he said", "no, 5"]
    assert list(tmp_path.iterdir()) == [path], "no half-written file is left"


def test_a_note_is_one_row_and_no_formula(tmp_path):
    """Line breaks become blanks, quotes and commas stay, and a text that begins like a formula stays a text."""
    path = notes.append(tmp_path, NOTE | {"seen": 'He said:\n"ten, not\r\nfive"', "where": "=HYPERLINK(1)"})
    assert len(rows(path)) == 2
    assert rows(path)[1][3] == 'He said: "ten, not five"' and rows(path)[1][1] == "'=HYPERLINK(1)"


def test_a_last_line_without_an_end_is_not_glued_to_the_next(tmp_path):
    """An editor may have taken the last line break away."""
    path = notes.append(tmp_path, NOTE)
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    notes.append(tmp_path, NOTE)
    assert len(notes.read(tmp_path)) == 2


@pytest.mark.parametrize("content", [b"a;b\r\n1;2\r\n", b"\xff\xfe\x00notes"])
def test_a_file_of_somebody_else_is_left_as_it_is(tmp_path, content):
    """Other columns, or no text at all: the file stays, and the message says what to do."""
    path = tmp_path / notes.FILE
    path.write_bytes(content)
    for act in (lambda: notes.append(tmp_path, NOTE), lambda: notes.read(tmp_path)):
        with pytest.raises(Problem, match=r"Rename it|mend it by hand"):
            act()
    assert path.read_bytes() == content


def test_where_nothing_may_be_written_the_message_says_so(tmp_path):
    """A folder that is not there stands for one that is closed: writing fails at the same place, for root as well."""
    with pytest.raises(Problem, match="read-only"):
        notes.append(tmp_path / "closed", NOTE)
    assert notes.read(tmp_path / "closed") == []


@pytest.mark.parametrize("doing", ["autograde", "validate"])
def test_nothing_is_written_while_a_lesson_is_graded(tmp_path, monkeypatch, doing):
    """The grader's folder stays as it is."""
    monkeypatch.setenv("NBGRADER_EXECUTION", doing)
    with pytest.raises(Problem, match="graded"):
        notes.append(tmp_path, NOTE)
    assert not list(tmp_path.iterdir())
