"""Step 3, trusted: turn what was executed into a verdict per check. Today that is nbgrader's reading of outputs."""

from __future__ import annotations

from dataclasses import dataclass

import nbformat
from nbgrader import utils

from onefunnel.grading.course import Course
from onefunnel.grading.outcomes import Refused


@dataclass(frozen=True)
class Judged:
    """An executed notebook, tidied as nbgrader tidies it, and the points of each graded cell.

    `points` is None where a person has to look (a written answer).
    """

    name: str
    notebook: nbformat.NotebookNode
    points: dict[str, float | None]


def judge(
    executed: bytes, name: str, course: Course, learner: str, assignment: str, forgive_warnings: bool = False
) -> Judged:
    """Read the outputs. Raises Refused('bad_score') for a score that nbgrader would choke on.

    By nbgrader's rule anything on stderr costs a check its points. `forgive_warnings` lifts that: what the check itself
    found counts then, and what it raised still costs them.
    """
    *_, tidy, _ = course.steps()
    notebook = nbformat.reads(executed.decode("utf-8"), as_version=4)
    if tidy:
        notebook = course.convert(tidy, notebook, course.resources(learner, assignment, name))
    points: dict[str, float | None] = {}
    for cell in notebook.cells:
        if not utils.is_grade(cell):
            continue
        grade_id = cell.metadata.nbgrader["grade_id"]
        try:
            score, _ = utils.determine_grade(_without_stderr(cell) if forgive_warnings else cell, course.autograde.log)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("bad_score", f"{name}.ipynb, {grade_id}: {error}") from error
        points[grade_id] = score
    return Judged(name, notebook, points)


def _without_stderr(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if cell.cell_type != "code":
        return cell
    outputs = [one for one in cell.outputs if not (one.output_type == "stream" and one.name == "stderr")]
    return nbformat.from_dict({**cell, "outputs": outputs})
