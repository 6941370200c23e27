"""A submission of data alone is graded without a kernel, and nobody can tell from the result."""

import json
import re

import nbformat
import pytest

from onefunnel import data, playbook
from onefunnel.cohort import sample
from onefunnel.grading import engine
from onefunnel.grading.course import open_course
from onefunnel.grading.gradebook import open_gradebook
from onefunnel.grading.settings import Limits
from onefunnel.grading.submission import Submission
from onefunnel.grading.work import Work
from onefunnel.learn import identity
from onefunnel.learn.items import load_items
from onefunnel.learn.world import World
from onefunnel.lessons.release import release

LESSON = "price"
WORK = {
    "right": lambda desk: desk.answer_all(),
    "half": lambda desk: desk.answer_all(wrong=lambda number, _: number % 2 == 0),
    "misled": sample._shows(0),
    "blank": lambda desk: None,
    "coded": lambda desk: desk.answer_all(but=desk.write_code()),
}


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """A course of one real lesson, and made-up learners who handed it in."""
    course = tmp_path_factory.mktemp("lessons") / "course"
    release(course, [LESSON])
    items = {LESSON: load_items(course / "release" / LESSON / f"{LESSON}.items.json")}
    for who, work in WORK.items():
        folder = course / "submitted" / who
        folder.mkdir(parents=True)
        (folder / LESSON).mkdir()
        for path in (course / "release" / LESSON).iterdir():
            (folder / LESSON / path.name).write_bytes(path.read_bytes())
        identity.keep(folder / LESSON, who)
        work(sample.Desk(who, folder, course, items, World.of(data.load(), playbook.load(), who), {}))
    return course


@pytest.fixture(scope="module")
def records(lessons, grade):
    """The batch, graded: {learner: record}."""
    return {record.learner: record for record in grade(lessons, LESSON)}


def prepared(course, learner):
    """A submission after step 1."""
    opened = open_course(course)
    with open_gradebook(opened.directory.db_url, opened.directory.course_id) as gradebook:
        batch = engine._batch(opened, gradebook, LESSON, Limits(), True, True)
        one = Submission(batch, learner, course / "submitted" / learner / LESSON)
        assert one.prepare() is None
        return one


def shown(notebook):
    """What a reader sees of each cell; a stream in pieces is one stream, process numbers are nobody's concern."""
    cells = []
    for cell in nbformat.reads(notebook.decode(), as_version=4).cells:
        outputs = []
        for one in cell.get("outputs", []):
            words = json.dumps(one.get("data") or one.get("traceback") or one.get("text"))
            words = re.sub(r"ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|/tmp/\S+", "FILE", words)
            if outputs and one.output_type == "stream" and outputs[-1][0] == one.name:
                outputs[-1] = (one.name, outputs[-1][1][:-1] + words[1:])
            else:
                outputs.append((one.get("name") or one.get("ename") or one.output_type, words))
        cells.append((cell.source, cell.get("execution_count"), outputs))
    return cells


@pytest.mark.parametrize("learner", ["right", "half", "misled", "blank"])
def test_what_is_shown_is_what_a_kernel_shows(lessons, pool, learner):
    """Every cell's outputs, execution count and the notebook's metadata are the same as through a kernel."""
    one = prepared(lessons, learner)
    assert not one.holds_code
    warm = pool.submit(one.batch.course, one.work, Limits(), holds_code=False).result()
    kernel = pool.submit(one.batch.course, one.work, Limits(), holds_code=True).result()
    assert (warm.ran, warm.status, kernel.status) == ("data", "done", "done")
    assert shown(warm.notebooks[LESSON]) == shown(kernel.notebooks[LESSON])
    metadata = [nbformat.reads(run.notebooks[LESSON].decode(), as_version=4).metadata for run in (warm, kernel)]
    assert metadata[0] == metadata[1]


def test_only_data_is_run_without_a_kernel(records):
    """Who typed code gets a kernel; who did not has scores all the same."""
    assert {who: record.ran == "data" for who, record in records.items()} == {who: who != "coded" for who in WORK}
    assert all(record.outcome == "graded" for record in records.values())
    assert records["right"].score == records["coded"].score == records["right"].max_score
    assert records["blank"].score == 0 < records["half"].score < records["right"].score


def test_a_file_that_python_could_import_needs_a_kernel(lessons):
    """`json.py` beside a notebook would be code in disguise."""
    stray = lessons / "submitted" / "right" / LESSON / "json.py"
    stray.write_text("raise SystemExit")
    try:
        assert prepared(lessons, "right").holds_code
    finally:
        stray.unlink()


@pytest.mark.parametrize(
    "entry",
    [
        "E1",
        {"type": 1},
        {"type": "number", "answer": []},
        {"type": "number", "answer": {"text": "1"}, "misses": "many"},
        {"type": "number", "answer": {"text": [[[[[[[[[[]]]]]]]]]]}},
    ],
)
def test_answers_that_no_lesson_writes_are_unreadable(lessons, grade, entry):
    """The file is checked before anything is computed from it."""
    path = lessons / "submitted" / "half" / LESSON / "answers.json"
    before = path.read_bytes()
    path.write_text(json.dumps({"format": 1, "learner": "half", "answers": {f"{LESSON}/E1a": entry}}))
    try:
        assert grade(lessons, LESSON, ["half"])[0].outcome == "unreadable"
    finally:
        path.write_bytes(before)


def _work(*cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return Work("ana", "any", {"any": nbformat.writes(notebook).encode()})


@pytest.mark.parametrize(
    "cells",
    [
        ["x = 1\nx + 1", "print('a'); print('b')", "1;", "_"],
        ["import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "plt.figure().add_subplot().plot([1])\nplt.show()"],
        ["import sys\nprint('out')\nprint('out')", "print('err', file=sys.stderr)"],
        ["def f():\n    1 / 0\nf()", "raise SystemExit", "x =", "%%time\n1"],
        ["from IPython.display import HTML, display\ndisplay(HTML('<b>1</b>'), 2)\nHTML('<i>3</i>')"],
        ["import os\nos.getcwd().split('/')[-3:], os.environ['ONEFUNNEL_GRADED']"],
    ],
)
def test_outputs_of_any_kind_are_a_kernels(lessons, pool, cells):
    """Values, figures, streams, errors, rich displays: the same kinds in the same order, with the same words."""
    course = open_course(lessons)
    warm = pool.submit(course, _work(*cells), Limits(), holds_code=False).result()
    kernel = pool.submit(course, _work(*cells), Limits(), holds_code=True).result()
    kinds = [
        [[one.output_type for one in cell.outputs] for cell in nbformat.reads(n.decode(), as_version=4).cells]
        for n in (warm.notebooks["any"], kernel.notebooks["any"])
    ]
    assert kinds[0] == kinds[1]
    if "time" not in cells[-1]:
        assert shown(warm.notebooks["any"]) == shown(kernel.notebooks["any"])


def test_one_learner_leaves_nothing_to_the_next(lessons, pool):
    """A fresh namespace and folder each, and numbering from 1."""
    course = open_course(lessons)
    first = _work("left = 1\nopen('left', 'w').close()")
    second = _work("'left' in globals(), __import__('os').path.exists('left')")
    for _ in range(2 * pool.workers):
        pool.submit(course, first, Limits(), holds_code=False).result()
        done = pool.submit(course, second, Limits(), holds_code=False).result()
        (cell,) = nbformat.reads(done.notebooks["any"].decode(), as_version=4).cells
        assert cell.outputs[0].data["text/plain"] == "(False, False)"
        assert cell.execution_count == 1


def test_a_warm_run_is_bounded(lessons, pool):
    """Released code is trusted, but what answers make of it is not: time and output end in a named outcome."""
    course = open_course(lessons)
    slow = pool.submit(course, _work("while True: pass"), Limits(wall_seconds=1), holds_code=False).result()
    loud = pool.submit(course, _work("print('x' * 10**7)"), Limits(output_bytes=10**6), holds_code=False).result()
    assert (slow.status, loud.status) == ("timed_out", "killed")
