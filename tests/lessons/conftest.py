"""What the lesson tests share: the truth, sample learners, and every notebook run once a scenario in a real course."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from onefunnel import data, playbook
from onefunnel.home import home
from onefunnel.learn.world import World
from onefunnel.lessons import solve
from onefunnel.lessons.build import build, sources
from onefunnel.lessons.release import load_config, release
from onefunnel.metrics import stages

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lessons"
LEARNER = "ana"
CODED, CHOSEN, UNTOUCHED = "coded", "chosen", "untouched"


def folders() -> dict[str, Path]:
    """Every lesson there is, real ones and the fixtures of the builder: slug → folder of its sources."""
    real = {slug: home().notebooks for slug in sources(home().notebooks)}
    return real | {slug: FIXTURES for slug in sources(FIXTURES)}


def pytest_generate_tests(metafunc):
    """A test of every lesson has an argument `slug`; one of the lessons that learners get, `real_slug`."""
    if metafunc.module.__name__.endswith(("test_lessons", "test_gates")):
        found = folders()
        if "slug" in metafunc.fixturenames:
            metafunc.parametrize("slug", sorted(found))
        if "real_slug" in metafunc.fixturenames:
            metafunc.parametrize("real_slug", sorted(slug for slug in found if found[slug] != FIXTURES))


@pytest.fixture(scope="session")
def truth():
    """The playbook."""
    return playbook.load()


@pytest.fixture(scope="session")
def tables():
    """The sample company's tables, T00 among them."""
    return data.load()


@contextmanager
def entries_once():
    """Let `first_entries`, most of the work of every rate, be computed once for the same two tables."""
    known, real = {}, stages.first_entries

    def first_entries(leads, stage_history):
        key = (id(leads), id(stage_history))
        if key not in known:
            known[key] = (real(leads, stage_history), leads, stage_history)  # the tables stay, so their ids do
        return known[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "first_entries", first_entries)
        yield


@dataclass
class Learners:
    """Two hundred learners, for the gates: their worlds, and every item's values on them, each computed once."""

    tables: data.Tables
    worlds: list[World]
    _values: dict = field(default_factory=dict)
    _territories: dict = field(default_factory=dict)

    def territory(self, territory_id):
        """A whole territory's tables."""
        if territory_id not in self._territories:
            self._territories[territory_id] = self.tables.territory(territory_id)
        return self._territories[territory_id]

    def values(self, item):
        """[(world, right value, {misconception: wrong value})]; one world where everybody has the same."""
        key = (item.qualified, item.variant)
        if key not in self._values:
            own = item.spec["value"].get("on", "book") == "book"
            found = self.worlds if own else self.worlds[:1]
            with entries_once():
                self._values[key] = [(world, world.number(item), world.wrong_numbers(item)) for world in found]
        return self._values[key]

    def with_second(self, world):
        """The same learner's world with the second book that hidden checks and tiles use."""
        return replace(world, second=data.book(self.tables, world.book.learner_id, draw=1))


@pytest.fixture(scope="session")
def learners(tables, truth):
    """The two hundred. They share company and sample territory; second books are cut when they are needed."""
    demo, company = tables.territory("T00"), tables.company()
    books = [data.book(tables, f"learner{number:03d}") for number in range(200)]
    return Learners(tables, [World(book, book, demo, company, truth) for book in books])


@pytest.fixture(scope="session")
def questions(truth):
    """slug → the lesson's items as a notebook reads them; each lesson is read once."""
    known = {}

    def of(slug):
        if slug not in known:
            known[slug] = solve.questions(slug, truth, folders()[slug])
        return known[slug]

    return of


@dataclass
class Run:
    """One notebook after a run: the cells, and (when graded) the points by cell."""

    notebook: nbformat.NotebookNode
    scores: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)

    @cached_property
    def errors(self) -> list[tuple[str, str, str]]:
        """(cell id, kind of error, message) of every error output."""
        return [
            (cell.id, output.ename, output.evalue)
            for cell in self.notebook.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        ]


class Course:
    """A real nbgrader course; lessons are released, and runs are made, when first asked for, once each."""

    def __init__(self, root: Path, tables, truth) -> None:
        self.root, self.tables, self.truth = root, tables, truth
        self._runs: dict[tuple[str, str], Run] = {}
        self._api: NbGraderAPI | None = None

    @property
    def api(self) -> NbGraderAPI:
        """nbgrader on this course; there is a course once something is released."""
        if self._api is None:
            self._api = NbGraderAPI(config=load_config(self.root), log_level="ERROR")
        return self._api

    def released(self, slug: str) -> Path:
        """The folder that learners get."""
        folder = self.root / "release" / slug
        if not folder.is_dir():
            release(self.root, [slug], folders()[slug])
        return folder

    def answers(self, slug: str, learner: str, without=()) -> dict:
        """Answers that earn every point."""
        return solve.solution_answers(slug, learner, self.tables, self.truth, folders()[slug], tuple(without))

    def graded(self, slug: str, scenario: str) -> Run:
        """Hand in and autograde one lesson: solved in code, answered without code, or as released."""
        if scenario == CODED and not solve.lesson(slug, self.truth, folders()[slug]).answers:
            scenario = CHOSEN  # nothing in it can be answered in code
        if (slug, scenario) not in self._runs:
            self._runs[slug, scenario] = self._grade(slug, scenario)
        return self._runs[slug, scenario]

    def _grade(self, slug: str, scenario: str) -> Run:
        lesson = solve.lesson(slug, self.truth, folders()[slug])
        folder = self.root / "submitted" / scenario / slug
        folder.mkdir(parents=True)
        notebook = (self.released(slug) / f"{slug}.ipynb").read_bytes()
        if scenario == CODED:  # code answers what it can; only choices come from answers.json
            notebook = solve.solved_notebook(slug, self.truth, folders()[slug])
        (folder / f"{slug}.ipynb").write_bytes(notebook)
        if scenario != UNTOUCHED:
            answers = self.answers(slug, scenario, lesson.answers if scenario == CODED else ())
            (folder / "answers.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        result = self.api.autograde(slug, scenario, force=True, create=True)
        assert result["success"], f"{slug}, {scenario}: {result.get('error')}\n{result.get('log')}"
        run = Run(nbformat.read(self.root / "autograded" / scenario / slug / f"{slug}.ipynb", as_version=4))
        with Gradebook(self.api.coursedir.db_url) as gradebook:
            for grade in gradebook.find_submission_notebook(slug, slug, scenario).grades:
                run.most[grade.name] = grade.max_score
                run.scores[grade.name] = grade.auto_score
        return run

    def learned(self, slug: str) -> Run:
        """Run the release as a learner who has answered everything sees it (widgets are drawn)."""
        if (slug, "learned") not in self._runs:
            folder = self.root / "learners" / LEARNER / slug
            folder.mkdir(parents=True)
            for path in self.released(slug).iterdir():
                (folder / path.name).write_bytes(path.read_bytes())
            (folder / "learner.json").write_text(json.dumps({"format": 1, "learner": LEARNER}), encoding="utf-8")
            answers = self.answers(slug, LEARNER)
            (folder / "answers.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
            notebook = nbformat.read(folder / f"{slug}.ipynb", as_version=4)
            settings = {"metadata": {"path": str(folder)}}
            NotebookClient(notebook, timeout=60, resources=settings, store_widget_state=True).execute()
            self._runs[slug, "learned"] = Run(notebook)
        return self._runs[slug, "learned"]


@pytest.fixture(scope="session")
def course(tmp_path_factory, tables, truth):
    """The course of this test session."""
    return Course(tmp_path_factory.mktemp("course"), tables, truth)


@pytest.fixture(scope="session")
def solutions(tmp_path_factory, truth):
    """slug → the keys in clear, as the builder writes them for the lead."""
    to = tmp_path_factory.mktemp("build")
    for folder in {*folders().values()}:
        build([slug for slug, home_of in folders().items() if home_of == folder], to=to, folder=folder, playbook=truth)
    return lambda slug: json.loads((to / "solutions" / slug / "answers.json").read_text(encoding="utf-8"))["answers"]
