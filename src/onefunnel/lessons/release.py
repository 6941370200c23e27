"""Release lessons into a cohort's course folder: ordinary nbgrader assignments, made in this process.

nbgrader's commands cost seconds of imports each; its Python interface does the same work without them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log, temp_attrs
from traitlets.config import Config, PyFileConfigLoader

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.lessons.build import build
from onefunnel.surroundings import programs_on_path

CONFIG = "nbgrader_config.py"


def release(course: Path, slugs: Iterable[str], folder: Path | None = None) -> list[str]:
    """Build the lessons into `course`/source and make their student versions in `course`/release.

    Creates the configuration and the gradebook when they are missing, and each assignment with its points. A lesson
    that is already released is released again; scores are kept. `folder` holds the sources (default: the kit's).
    Returns the slugs. Raises Problem with nbgrader's own reason when it refuses.
    """
    course, slugs = course.resolve(), list(slugs)
    if not slugs:
        raise Problem("no lesson to release. Name at least one.")
    course.mkdir(parents=True, exist_ok=True)
    if not (course / CONFIG).is_file():
        shutil.copyfile(home().grading / CONFIG, course / CONFIG)
    built = build(slugs, to=course, folder=folder, solutions=False).built  # keys never go into a course
    config = load_config(course)
    make_gradebook(config)
    directory = CourseDirectory(config=config)
    for slug in slugs:
        if not built[slug] and _stands(directory, course, slug):
            continue  # the same source, configuration and gradebook: the same student version
        result = _generate(directory, config, slug)
        if not result["success"]:
            raise Problem(f"{slug}: nbgrader did not make the student version. {_reason(result)}")
    return slugs


def _generate(directory: CourseDirectory, config: Config, slug: str) -> dict:
    """Run nbgrader's own converter. (`NbGraderAPI` would complain about an exchange that nobody uses.)"""
    with temp_attrs(directory, assignment_id=slug):
        converter = GenerateAssignment(coursedir=directory, config=config)
        converter.force, converter.create_assignment = True, True
        return capture_log(converter)


def _stands(directory: CourseDirectory, course: Path, slug: str) -> bool:
    """Tell whether a lesson's student version is newer than what it is made from, and known to the gradebook."""
    student = course / "release" / slug / f"{slug}.ipynb"
    made_from = [course / CONFIG, *(course / "source" / slug).iterdir()]
    if not student.is_file() or any(path.stat().st_mtime > student.stat().st_mtime for path in made_from):
        return False
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            return bool(gradebook.find_notebook(slug, slug).source_cells)
        except MissingEntry:
            return False


def load_config(course: Path) -> Config:
    """Read a course's nbgrader_config.py; the course's folder is its root whatever the current directory is."""
    config = PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    return config


def make_gradebook(config: Config) -> None:
    """Create the gradebook before anything else opens it.

    One that is made by several at once, or without `alembic` on PATH, stays half made.
    """
    programs_on_path()
    directory = CourseDirectory(config=config)
    try:
        with Gradebook(directory.db_url, directory.course_id):
            pass
    except Exception as error:  # nbgrader and SQLAlchemy raise many kinds here; all mean the same to the lead
        raise Problem(
            f"the gradebook {directory.db_url} cannot be made ({error}). Check that the folder can be written to "
            "and that db_url is right."
        ) from error


def _reason(result: dict) -> str:
    """Return the last line that says something of what nbgrader reports."""
    text = (result.get("error") or "") + "\n" + (result.get("log") or "")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(" ")]
    return lines[-1] if lines else "It gave no reason."
