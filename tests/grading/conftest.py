"""An ordinary nbgrader course, released by nbgrader itself, and submissions named by what they do."""

import functools
import shutil
from pathlib import Path

import pytest

from onefunnel.grading import engine
from onefunnel.grading.course import open_course
from onefunnel.grading.pool import LocalPool, closing
from onefunnel.surroundings import programs_on_path

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """The plain course after nbgrader's own generate_assignment. Copy it; do not write to it."""
    from nbgrader.apps import NbGraderAPI

    programs_on_path()
    folder = tmp_path_factory.mktemp("plain") / "course"
    shutil.copytree(FIXTURES / "plain_course", folder)
    course = open_course(folder)
    api = NbGraderAPI(coursedir=course.directory, config=course.config, log_level="ERROR")
    for assignment in ("sums", "pair"):
        assert api.generate_assignment(assignment)["success"]
    return folder


@pytest.fixture
def course(released, tmp_path):
    """A fresh copy of the released course."""
    return Path(shutil.copytree(released, tmp_path / "course"))


def submit(course, learner, fixture=None, assignment="sums", **files):
    """Put a fixture notebook (and more files) where nbgrader collects submissions."""
    folder = course / "submitted" / learner / assignment
    folder.mkdir(parents=True, exist_ok=True)
    if fixture:
        shutil.copy(FIXTURES / "submissions" / f"{fixture}.ipynb", folder / f"{assignment}.ipynb")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(name="submit", scope="session")
def _submit():
    """The function above, for tests and fixtures."""
    return submit


@pytest.fixture(scope="session")
def pool():
    """Worker processes and a fork server for the whole session: boxed where this machine can."""
    with closing(LocalPool(workers=2)) as made:
        yield made


@pytest.fixture(scope="session")
def grade(pool):
    """`engine.grade` in the session's pool."""
    return functools.partial(engine.grade, pool=pool)
