"""Keep hidden tests out of feedback: their source, and their lines where an error quotes the cell."""

from __future__ import annotations

import re

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class HideHiddenTests(ClearHiddenTests):
    """For `c.GenerateFeedback.preprocessors`, before GetGrades."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Cut the region out of the source, and every line of it out of the tracebacks."""
        before = cell.source.split("\n")
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        kept = cell.source.split("\n")
        gone = {line.strip() for line in before if line not in kept and line.strip()}
        for output in cell.get("outputs", []) if gone else []:
            if output.output_type == "error":
                lines = "\n".join(output.traceback).split("\n")
                output.traceback = [line for line in lines if not _quotes(line, gone)]
        return cell, resources


def _quotes(line: str, gone: set[str]) -> bool:
    """Tell whether a traceback line shows one of these source lines, arrow, number and colours aside."""
    plain = re.sub(r"^\s*(?:-+>)?\s*\d*\s*", "", _COLOUR.sub("", line)).strip()
    return plain in gone
