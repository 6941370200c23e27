"""Build the lessons' sources into nbgrader notebooks.

`build/source/` is an nbgrader course's source folder: one folder a lesson. `build/solutions/` holds the keys in clear
and never goes to learners.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.lessons import checks, expand
from onefunnel.lessons.findings import Finding, LessonError, errors, known_or_near
from onefunnel.lessons.lesson import Lesson, load
from onefunnel.playbook import Playbook
from onefunnel.playbook import load as load_playbook

EXAMPLE = "python kit.py build\n  python kit.py build stages price\n  python kit.py build stages --check"
README = "README.md"  # lies among the sources and is none


@dataclass
class Report:
    """What a build did: lessons by name, whether their files changed, and warnings."""

    built: dict[str, bool]
    removed: list[str]
    warnings: list[Finding]
    lessons: list[Lesson]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="which lessons; all of them otherwise")
    parser.add_argument("--to", type=Path, metavar="DIR", help="where source/ and solutions/ go (default: build/)")
    parser.add_argument("--check", action="store_true", help="only look for mistakes; write nothing")


def run(args: argparse.Namespace) -> int:
    """Build, and say what was done and what to do next."""
    if args.check:
        lessons, findings = read_all(args.lessons)
        if errors(findings):
            raise LessonError(findings)
        print("\n".join([*map(str, findings), *(f"{one.slug}: {describe(one)}" for one in lessons)]))
        print(f"{len(lessons)} lesson{'s' if len(lessons) != 1 else ''} without mistakes.")
        return 0
    target = args.to or home().build
    report = build(args.lessons, to=target)
    for warning in report.warnings:
        print(f"warning: {warning}")
    for lesson in report.lessons:
        print(f"{lesson.slug}: {describe(lesson)}; {'written' if report.built[lesson.slug] else 'unchanged'}")
    for name in report.removed:
        print(f"{name}: removed, its source is gone")
    print(f"Source notebooks: {target / 'source'}. Next: python kit.py learn, or python kit.py test.")
    return 0


def describe(lesson: Lesson) -> str:
    """One line on a lesson's size."""
    return (
        f"{lesson.front.minutes} minutes, {len(lesson.checks) + len(lesson.written)} checks, {lesson.points} points, "
        f"{lesson.words} words, reading grade {lesson.reading_grade:.1f}"
    )


def sources(folder: Path | None = None) -> dict[str, Path]:
    """Return every lesson source by slug, in the order of tracks and names. Two of one name are a Problem."""
    folder = folder or home().notebooks
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*/*.md")):
        if path.name == README:
            continue
        if path.stem in found:
            raise Problem(f'two lessons are called "{path.stem}": {found[path.stem]} and {path}. Rename one.')
        found[path.stem] = path
    return found


def read_all(
    slugs: Iterable[str] = (), folder: Path | None = None, playbook: Playbook | None = None
) -> tuple[list[Lesson], list[Finding]]:
    """Read and check lessons (all by default). Returns them with every finding; nothing is raised for a bad lesson."""
    from onefunnel.data.schema import read_package  # here, because `--help` must not wait for pandas

    playbook = playbook or load_playbook()
    tables = tuple(table.name for table in read_package(home().datasets).tables)
    lessons, findings = [], []
    for path in _chosen(slugs, sources(folder)).values():
        lesson, found = load(path, playbook)
        if not errors(found):
            found = found + checks.check(lesson, playbook, tables)
        lessons.append(lesson)
        findings += found
    return lessons, findings


def build(
    slugs: Iterable[str] = (),
    to: Path | None = None,
    folder: Path | None = None,
    playbook: Playbook | None = None,
    solutions: bool = True,
) -> Report:
    """Build lessons into `to`/source (and `to`/solutions). LessonError lists all mistakes; then nothing is written.

    Files that stay the same are not touched. A build of all lessons also removes those whose source is gone.
    """
    to, slugs = to or home().build, list(slugs)
    playbook = playbook or load_playbook()
    lessons, findings = read_all(slugs, folder, playbook)
    if errors(findings):
        raise LessonError(findings)
    whole = [expand.build(lesson, playbook) for lesson in lessons]  # all in memory first: no half-written course
    changed = {}
    for one in whole:
        changed[one.slug] = write_folder(to / "source" / one.slug, one.files)
        if solutions:
            write_folder(to / "solutions" / one.slug, {"answers.json": one.solutions})
    removed = [] if slugs else _remove_stale(to, {one.slug for one in whole})
    return Report(changed, removed, [f for f in findings if f.level == "warning"], lessons)


def write_folder(folder: Path, files: dict[str, bytes]) -> bool:
    """Make `folder` hold exactly these files; True when something changed.

    The new files are written beside the folder and moved into place one by one, so that nobody reads half a file.
    """
    there = {path.name: path for path in folder.glob("*")} if folder.is_dir() else {}
    fresh = {
        name: content for name, content in files.items() if not (name in there and there[name].read_bytes() == content)
    }
    stale = [path for name, path in there.items() if name not in files]
    if not fresh and not stale:
        return False
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            for name, content in fresh.items():
                (Path(beside) / name).write_bytes(content)
            folder.mkdir(exist_ok=True)
            for name in fresh:
                (Path(beside) / name).replace(folder / name)
        for path in stale:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError as error:
        raise Problem(f"{folder}: cannot be written ({error}). Free the folder and build again.") from error
    return True


def _chosen(slugs: Iterable[str], there: dict[str, Path]) -> dict[str, Path]:
    slugs = list(slugs)
    for slug in slugs:
        if slug not in there:
            raise Problem(f'there is no lesson "{slug}".{known_or_near(slug, there)}')
    return {slug: path for slug, path in there.items() if not slugs or slug in slugs}


def _remove_stale(to: Path, wanted: set[str]) -> list[str]:
    """Remove built lessons whose source is gone; only folders that hold a question file of ours."""
    removed = []
    for folder in sorted((to / "source").glob("*")):
        if folder.name not in wanted and (folder / f"{folder.name}.items.json").is_file():
            shutil.rmtree(folder)
            shutil.rmtree(to / "solutions" / folder.name, ignore_errors=True)
            removed.append(folder.name)
    return removed
