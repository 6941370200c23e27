"""Run the whole loop once on the sample company and say what to open.

Checks the playbook, builds and releases the lessons, lets a sample cohort hand in right, wrong, late, broken and
hostile work, grades it, writes feedback and a report, and builds the playbook's site.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from typing import TYPE_CHECKING

from onefunnel.errors import Problem
from onefunnel.home import folders, home, use

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook

EXAMPLE = "python kit.py demo\n  python kit.py demo --dir D:/onefunnel-demo --no-open"
MARKER = ".onefunnel-demo"
MADE = ("cohort", "learners", "submissions", "site")  # what the demo makes in its folder, and removes when run again


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("--dir", type=Path, metavar="D", help="where it works (default: build/demo)")
    folders(parser)
    parser.add_argument("--no-open", action="store_true", help="do not open the report in a browser")


def run(args: argparse.Namespace) -> int:
    """Run every stage; 0 when all of it went well."""
    use(args.playbooks, args.data)
    folder = claim((args.dir or home().build / "demo").absolute())
    started = time.monotonic()
    report = loop(folder)
    print(f"\nDone in {time.monotonic() - started:.0f} s. Open:")
    for what, path in (
        ("the lead's report", report),
        ("a learner's feedback", folder / "cohort" / "feedback" / "carla" / "stages" / "stages.html"),
        ("the playbook's site", folder / "site" / "index.html"),
        ("the gradebook, with formgrader", folder / "cohort"),
        ("what the learners handed in", folder / "submissions"),
    ):
        print(f"  {what + ':':32} {path}")
    if not args.no_open and _can_open():
        webbrowser.open(report.as_uri())
    return 0


def loop(folder: Path) -> Path:
    """Run the stages in a claimed folder and return the report's path. Each stage prints what it did."""
    from onefunnel import data
    from onefunnel.cohort import course, feedback, report, sample
    from onefunnel.grading.command import Progress, counted
    from onefunnel.playbook import load
    from onefunnel.publish.site import build_site

    with _stage("Playbook checked") as say:
        say(_checked())
        playbook, tables = load(), data.load()
    with _stage("Lessons built and released") as say:
        due = datetime.combine(tables.as_of.date(), clock(18), tzinfo=UTC)
        lessons = {slug: due for slug in sorted(_fitting(playbook), key=_track)}
        cohort = course.new_cohort(folder / "cohort", "Sample cohort", lessons, home().grading / course.ROSTER)
        cohort.release()
        say(", ".join(cohort.lessons))
    with _stage("Sample learners at work") as say:
        submissions = folder / "submissions"
        made = sample.make_cohort(
            cohort.folder, cohort.lessons, folder / "learners", submissions, tables, playbook, due
        )
        say(f"{len(made)} files handed in")
    with _stage("Collected") as say:
        taken = cohort.collect(submissions.glob("*.zip"))
        refused = [one for one in taken if one.outcome]
        say(f"{len(taken) - len(refused)} taken, {len(refused)} refused: {_counted(one.outcome for one in refused)}")
    with _stage("Graded") as say:
        say(counted(cohort.grade(report=Progress())))
    with _stage("Feedback written") as say:
        say(f"{len(feedback.feedback(cohort))} pages")
    with _stage("Report written") as say:
        page = report.write_report(cohort)
        say(page.name)
    with _stage("Site built") as say:
        site = build_site(folder / "site")
        say(f"{sum(1 for _ in site.rglob('*.html'))} pages")
    return page


def claim(folder: Path) -> Path:
    """Make the folder ours: new, empty, or left by an earlier demo (whose things are removed). Else a Problem."""
    from nbgrader.utils import rmtree

    marker = folder / MARKER
    try:
        if folder.exists() and not folder.is_dir():
            raise Problem(f"{folder} is a file. Choose a folder with --dir.")
        if folder.is_dir() and not marker.is_file() and any(folder.iterdir()):
            raise Problem(f"{folder} holds other things. Choose an empty or a new folder with --dir.")
        folder.mkdir(parents=True, exist_ok=True)
        marker.write_text("Made by `demo`, which removes and makes again all that lies here.\n", encoding="utf-8")
        for name in MADE:
            if (folder / name).exists():
                rmtree(str(folder / name))
    except OSError as error:
        raise Problem(
            f"{folder} cannot be used ({error.strerror or error}). Close what has its files open, or choose another "
            "folder with --dir."
        ) from error
    return folder


def _checked() -> str:
    """Check the playbook; its errors end the demo, its warnings are counted."""
    from onefunnel.playbook.check import check

    findings = check()
    errors = [str(one) for one in findings if one.level == "error"]
    if errors:
        raise Problem("the playbook has errors:\n" + "\n".join(errors))
    return f"no errors, {len(findings)} warning{'s' if len(findings) != 1 else ''}"


def _fitting(playbook: Playbook) -> list[str]:
    """The lessons that this playbook can teach, without the tests before and after: weeks lie between those.

    Problem when there is none: then only a site can be built.
    """
    from onefunnel.lessons.catalogue import fitting

    slugs = [record["id"] for record in fitting(playbook) if record["kind"] == "lesson"]
    if not slugs:
        raise Problem(
            "no lesson fits this playbook: each is about a step, metric or skill that it does not have. "
            "Run `python kit.py site build` for the site alone, or write a lesson of your own into notebooks/."
        )
    return slugs


def _track(slug: str) -> tuple[bool, str]:
    """Pipeline mechanics first: its numbers are the others' ground."""
    from onefunnel.lessons.build import sources

    return sources()[slug].parent.name != "pipeline-for-marketers", slug


@contextmanager
def _stage(name: str) -> Iterator[Callable[[str], None]]:
    """Print one line a stage, with its time, when it is done."""
    started, said = time.monotonic(), []
    if sys.stdout.isatty():
        print(f"… {name}", end="\r", flush=True)
    yield said.append
    print(f"✓ {name:28} {time.monotonic() - started:6.1f} s  {' '.join(said)}", flush=True)


def _counted(names: Iterator[str]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in Counter(names).most_common())


def _can_open() -> bool:
    """Whether somebody sits there to look at a browser."""
    if os.environ.get("CI"):
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
