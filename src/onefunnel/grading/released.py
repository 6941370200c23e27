"""What was released, as plain data: read from the gradebook once a run, asked for by nbgrader's preprocessors often."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import MissingEntry

from onefunnel.grading.gradebook import SharedGradebook


@dataclass(frozen=True)
class Cell:
    """One released cell. `max_score` is None where the cell carries no points."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float | None
    solution: bool
    task: bool


@dataclass(frozen=True)
class Notebook:
    """A released notebook, in the words of nbgrader's database model."""

    name: str
    kernelspec: str
    source_cells: tuple[Cell, ...]

    @property
    def grade_cells(self) -> list[Cell]:
        return [cell for cell in self.source_cells if cell.max_score is not None and not cell.task]

    @property
    def solution_cells(self) -> list[Cell]:
        return [cell for cell in self.source_cells if cell.solution]

    @property
    def task_cells(self) -> list[Cell]:
        return [cell for cell in self.source_cells if cell.task]

    @cached_property
    def by_name(self) -> dict[str, Cell]:
        """The cells by id."""
        return {cell.name: cell for cell in self.source_cells}


class Released:
    """The notebooks of one assignment. Stands in for nbgrader's gradebook while a submission is sanitized.

    Whatever else a course's own preprocessor wants of the gradebook is handed on to the real one.
    """

    def __init__(self, gradebook: SharedGradebook, assignment: str) -> None:
        self._gradebook = gradebook
        found = gradebook.find_assignment(assignment)
        self.assignment, self.duedate = assignment, found.duedate
        self.notebooks = {notebook.name: _notebook(notebook) for notebook in found.notebooks}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gradebook, name)

    def __enter__(self) -> Released:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        """As nbgrader's. Raises MissingEntry."""
        if assignment != self.assignment or name not in self.notebooks:
            raise MissingEntry(f"No such notebook: {assignment}/{name}")
        return self.notebooks[name]

    def find_source_cell(self, cell: str, notebook: str, assignment: str) -> Cell:
        """As nbgrader's. Raises MissingEntry."""
        found = self.find_notebook(notebook, assignment).by_name.get(cell)
        if found is None:
            raise MissingEntry(f"No such source cell: {assignment}/{notebook}/{cell}")
        return found

    def find_graded_cell(self, cell: str, notebook: str, assignment: str) -> Cell:
        """As nbgrader's. Raises MissingEntry."""
        found = self.find_source_cell(cell, notebook, assignment)
        if found.max_score is None:
            raise MissingEntry(f"No such graded cell: {assignment}/{notebook}/{cell}")
        return found

    @property
    def kernels(self) -> list[str]:
        """The names of the kernelspecs that the notebooks were released with."""
        specs = [json.loads(notebook.kernelspec or "{}") for notebook in self.notebooks.values()]
        return sorted({spec["name"] for spec in specs if spec.get("name")})

    def imports(self) -> list[str]:
        """The modules that the released code imports; what cannot be parsed (magics, other languages) is skipped."""
        modules = set()
        for notebook in self.notebooks.values():
            for cell in notebook.source_cells:
                modules |= _imported(cell.source) if cell.cell_type == "code" else set()
        return sorted(modules)


def holds_no_code(notebook: NotebookNode, released: Notebook) -> bool:
    """Whether every code cell of a sanitized notebook stands as released: then only trusted code would run."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        known = released.by_name.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if known is None or known.source != cell.source:
            return False
    return True


def _notebook(found: Any) -> Notebook:
    points = {cell.name: float(cell.max_score) for cell in [*found.grade_cells, *found.task_cells]}
    solutions = {cell.name for cell in found.solution_cells}
    tasks = {cell.name for cell in found.task_cells}
    cells = tuple(
        Cell(
            cell.name,
            cell.cell_type,
            cell.locked,
            cell.source,
            cell.checksum,
            points.get(cell.name),
            cell.name in solutions,
            cell.name in tasks,
        )
        for cell in found.source_cells
    )
    return Notebook(found.name, found.kernelspec, cells)


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names
