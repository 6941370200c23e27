"""An nbgrader course folder as its own nbgrader_config.py describes it. Ours or anybody's."""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.preprocessors import CheckCellMetadata, Execute, SaveAutoGrades
from traitlets.config import Config, PyFileConfigLoader

from onefunnel.errors import Problem


class _QuickValidator(MetadataValidator):
    """nbgrader checks its own schema anew for each cell; most cells of a batch have metadata that was seen before."""

    _good: ClassVar[set[str]] = set()

    def validate_cell(self, cell: NotebookNode) -> None:
        """Raise ValidationError, unless the same metadata passed before."""
        key = f"{cell.cell_type} {json.dumps(cell.metadata.get('nbgrader'), sort_keys=True)}"
        if key not in self._good:
            super().validate_cell(cell)
            if len(self._good) < 10_000:
                self._good.add(key)


class QuickCheckCellMetadata(CheckCellMetadata):
    """nbgrader's check with the validator above; what does not pass is left to nbgrader's own words."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Raise ValidationError for metadata that is not nbgrader's."""
        try:
            _QuickValidator().validate_nb(nb)
        except ValidationError:
            return super().preprocess(nb, resources)
        return nb, resources


_QUICK = {CheckCellMetadata: QuickCheckCellMetadata}


@dataclass
class Course:
    """A course folder, its configuration, and nbgrader's own idea of how to autograde in it."""

    root: Path
    config: Config
    directory: CourseDirectory
    autograde: Autograde
    warnings: list[str] = field(default_factory=list)  # what nbgrader logged since somebody last emptied it

    def folder(self, step: str, learner: str, assignment: str) -> Path:
        """The folder of one step (`submitted`, `autograded`, …) as the course's directory structure has it."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, learner, assignment))

    def submissions(self, assignment: str) -> Iterator[tuple[str, Path]]:
        """Yield (learner, folder) of every submission of the assignment, by learner."""
        anyone = self.directory.format_path(self.directory.submitted_directory, "\0", assignment)
        shape = self.directory.format_path(
            re.escape(self.directory.submitted_directory), "(?P<learner>.*)", re.escape(assignment), escape=True
        )
        for found in sorted(glob.glob("*".join(map(glob.escape, anyone.split("\0"))))):  # noqa: PTH207
            match = re.fullmatch(shape, found)
            if match and Path(found).is_dir():
                yield match["learner"], Path(found)

    def steps(self) -> tuple[list[Any], list[Any], type, list[Any], list[Any]]:
        """Split the course's preprocessors at our seams: sanitize, before, execute, judge, record."""
        chain = list(self.autograde.autograde_preprocessors)
        run = next((i for i, one in enumerate(chain) if isinstance(one, type) and issubclass(one, Execute)), None)
        save = next(
            (i for i, one in enumerate(chain) if isinstance(one, type) and issubclass(one, SaveAutoGrades)), None
        )
        if run is None or save is None or save < run:
            raise Problem(
                f"{self.root}: c.Autograde.autograde_preprocessors must hold Execute and, after it, SaveAutoGrades."
            )
        sanitize = list(self.autograde.sanitize_preprocessors)
        parts = sanitize, chain[:run], chain[run + 1 : save], chain[save:]
        first, before, after, last = [[_QUICK.get(one, one) for one in part] for part in parts]
        return first, before, chain[run], after, last

    def convert(self, steps: list[Any], notebook: NotebookNode, resources: dict) -> NotebookNode:
        """Run nbgrader's preprocessors as its converter does, on the notebook itself, and validate what came out."""
        exporter = NotebookExporter(parent=self.autograde, config=self.autograde.config)
        exporter._preprocessors = []
        for step in steps:
            exporter.register_preprocessor(step)
        resources = exporter._init_resources(resources)
        for one in exporter._preprocessors:  # nbconvert copies and validates between them: half a submission's time
            notebook, resources = one(notebook, resources)
        nbformat.validate(notebook, relax_add_props=True)
        return notebook

    def resources(self, learner: str, assignment: str, notebook: str) -> dict:
        """What nbgrader's preprocessors want to know about the notebook at hand."""
        about = {"student": learner, "assignment": assignment, "notebook": notebook, "db_url": self.directory.db_url}
        return {
            "unique_key": notebook,
            "output_files_dir": f"{notebook}_files",
            "nbgrader": about,
            "metadata": {"name": notebook, "path": str(self.folder("autograded", learner, assignment))},
        }

    def support_files(self, assignment: str) -> dict[str, bytes]:
        """The released files beside the notebooks (items, data), which replace the submission's own."""
        source = self.folder("source", ".", assignment)
        kept = set(self.autograde.exclude_overwriting.get(assignment, []))
        files = read_files(source, [*self.directory.ignore, "*.ipynb"])
        return {name: content for name, content in files.items() if name not in kept}


def as_text(notebook: NotebookNode) -> str:
    """A valid notebook as nbconvert writes it."""
    return nbformat.writes(notebook, version=NotebookExporter.nbformat_version.default_value) + "\n"


def open_course(root: Path | str) -> Course:
    """Read a course folder's nbgrader_config.py. Raises Problem when there is no course or its config is broken."""
    root = Path(root).resolve()
    if not root.is_dir():
        raise Problem(f"There is no folder {root}. Give the folder of an nbgrader course.")
    if not (root / "nbgrader_config.py").is_file() and not (root / "source").is_dir():
        raise Problem(f"{root} is not an nbgrader course: it has neither nbgrader_config.py nor source/.")
    config = Config()
    if (root / "nbgrader_config.py").is_file():
        try:
            config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        except Exception as error:  # any error in somebody's Python file
            raise Problem(f"{root / 'nbgrader_config.py'} cannot be read: {type(error).__name__}: {error}") from error
    warnings: list[str] = []
    log = _quiet_log(root, warnings)
    directory = CourseDirectory(config=config, root=str(root), log=log)
    autograde = Autograde(coursedir=directory, config=config, log=log)
    return Course(root, config, directory, autograde, warnings)


def read_files(folder: Path, ignore: list[str] | None = None) -> dict[str, bytes]:
    """Read every ordinary file below a folder: {path with /: bytes}. Links are left out: they may lead anywhere."""
    files = {}
    for name in sorted(utils.find_all_files(str(folder), ignore)):
        path = Path(name)
        if path.is_file() and not path.is_symlink():
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def fingerprint(files: dict[str, bytes], *more: str) -> str:
    """One hash of files and texts, independent of their order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    for text in more:
        total.update(f"{text}\n".encode())
    return total.hexdigest()


class _Collector(logging.Handler):
    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        self.into.append(record.getMessage())


def _quiet_log(root: Path, warnings: list[str]) -> logging.Logger:
    """A log of our own: nbgrader's warnings are collected, nothing is printed."""
    log = logging.Logger(f"onefunnel.grading.{root.name}")
    log.addHandler(_Collector(warnings))
    return log
