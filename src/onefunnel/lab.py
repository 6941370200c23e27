"""Open JupyterLab on your own lessons, first of all on your home page.

The lessons lie in one workspace folder: a folder a lesson, your answers beside each notebook, your id in
`learner.json`. A newer release of a lesson replaces its text and questions; what you wrote is carried over.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.learn import files, identity, submission

EXAMPLE = "\n  ".join(
    [
        "python kit.py learn",
        "python kit.py learn stages",
        "python kit.py learn --today",
        "python kit.py learn price --workspace D:/training",
    ]
)

# JupyterLab asks at first start whether it may fetch news; learners have enough to answer.
SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}

# Ours runs a lesson when it is opened: whoever has never run a cell would stop at the first one.
EXTENSIONS = Path(__file__).parent / "labextensions"

# Parts of nbgrader's extension that are not for learners; its Validate button stays.
TEACHERS_TOOLS = {
    f"@jupyter/nbgrader:{name}": True
    for name in ("assignment-list", "course-list", "create-assignment", "formgrader", "menu")
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("lesson", nargs="?", help="the lesson to open, for example: stages")
    parser.add_argument("--workspace", type=Path, default=Path.home() / "OneFunnel", help="your folder (%(default)s)")
    parser.add_argument("--path", metavar="PATH", help="your way through the lessons: sales or marketing")
    parser.add_argument("--today", action="store_true", help="three questions from before, and reminders.ics")
    parser.add_argument("--id", help="your learner id, a short name such as ana; asked for once otherwise")
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    parser.add_argument("--port", type=int, default=8888, help="the port to try first (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Prepare the workspace, then run JupyterLab until it is closed."""
    workspace = args.workspace.resolve()
    learner = enrol(workspace, args.id)  # what may need an answer comes before what takes time
    say(f"Learner {learner}. Your files are in {workspace}. Getting the lessons ready; this may take a minute.")
    released = release_lessons()
    if args.lesson and args.lesson not in released:
        raise Problem(f'there is no lesson "{args.lesson}". Lessons: {", ".join(sorted(released))}.')
    for slug, folder in released.items():
        update_lesson(folder, workspace / slug)
        identity.keep(workspace / slug, learner)
    say("The lessons are ready. Now the playbook's pages, which they lead to.")
    add_playbook(workspace)
    page = add_own_pages(workspace, learner, args.path, args.today)
    if args.lesson:
        page = f"{args.lesson}/{args.lesson}.ipynb"
    say(
        "All is ready. To close: Ctrl-C here, or File > Shut Down in the browser.\n"
        f"To hand in, after closing or in a second terminal: {submission.command(workspace)}"
    )
    if taken(args.port):
        say(
            f"Port {args.port} is taken, perhaps by a “learn” that is still open. That one stays open; this one takes "
            "the next free port."
        )
    with lab_command(workspace, page=f"/lab/tree/{page}", port=args.port, browser=not args.no_browser) as (
        command,
        config_path,
    ):
        return subprocess.call(command, cwd=workspace, env={**os.environ, "JUPYTER_CONFIG_PATH": config_path})


def say(text: str) -> None:
    """Print now: output that goes to a file would otherwise wait until JupyterLab is closed."""
    print(text, flush=True)


def taken(port: int) -> bool:
    """Tell whether some program listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def release_lessons() -> dict[str, Path]:
    """Return {slug: folder of its released notebook}; in a checkout they are built first.

    Lessons on steps or metrics that the playbook does not have are left out, and named.
    """
    from onefunnel.lessons.build import sources
    from onefunnel.lessons.catalogue import fitting
    from onefunnel.lessons.release import release
    from onefunnel.playbook import load

    course = home().build / "course"
    slugs = [record["id"] for record in fitting(load())]
    left_out = sorted(set(sources()) - set(slugs))
    if left_out:
        say(f"Left out, as they do not fit the playbook: {', '.join(left_out)}. See: python kit.py build --check")
    return {slug: course / "release" / slug for slug in release(course, slugs)}


def add_playbook(workspace: Path) -> None:
    """Put the playbook's site beside the lessons, whose links lead there; an installed copy carries no site."""
    if home().site.is_dir():
        from onefunnel.publish.site import build_site

        build_site(workspace / "site")


def add_own_pages(workspace: Path, learner: str, path: str | None = None, today: bool = False) -> str:
    """Write the home page as the workspace stands; with `today` also three questions and reminders for a calendar.

    Returns the notebook to open. Raises Problem for an unknown path.
    """
    from onefunnel import data, playbook
    from onefunnel.learn import homepage, progress, recall, reminders
    from onefunnel.learn.world import World

    world = World.of(data.load(), playbook.load(), learner)
    if path:
        homepage.choose_path(workspace, path, world.playbook)
    homepage.write_home(workspace, world)
    if not today:
        return homepage.NOTEBOOK
    files.write_json(workspace / recall.NOTEBOOK, homepage.one_cell(recall.CELL, []))
    finished = recall.finished_on(progress.standings(workspace, world).values())
    if finished:
        text = reminders.calendar(learner, finished, recall.AFTER_DAYS)
        files.write_bytes(workspace / reminders.FILE, text.encode("utf-8"))
        say(f"Reminders for days 7, 30 and 90 are in {workspace / reminders.FILE}: open it with your calendar.")
    return recall.NOTEBOOK


def enrol(workspace: Path, wanted: str | None) -> str:
    """Return the workspace's learner id; it is asked for once, then kept in `learner.json`."""
    known = identity.who(workspace)
    if known and wanted and identity.normalise(wanted) != known:
        raise Problem(
            f"{workspace} belongs to {known}. Use another folder for {wanted}, for example: "
            f"--workspace ~/OneFunnel-{wanted}"
        )
    if known:
        return known
    if not wanted:
        if not sys.stdin.isatty():
            raise Problem(
                "your learner id is not known yet. Give it once: python kit.py learn --id YOUR-ID. It is a short name, "
                "such as ana, that your enablement lead gives you; to try the kit alone, make one up."
            )
        wanted = input("Your learner id, as your enablement lead gave it to you (trying alone? Make up a short name): ")
    identity.normalise(wanted)  # refuse a bad id before the folder is made
    workspace.mkdir(parents=True, exist_ok=True)
    return identity.keep(workspace, wanted)


def update_lesson(released: Path, mine: Path) -> None:
    """Bring a released lesson into the workspace; what the learner wrote stays.

    Answers made without code live in `answers.json`, which no release holds. Answers typed as code live in
    the notebook: they are carried over into the newer one, cell by cell.
    """
    mine.mkdir(parents=True, exist_ok=True)
    for source in sorted(path for path in released.rglob("*") if path.is_file()):
        target = mine / source.relative_to(released)
        content = source.read_bytes()
        if target.suffix == ".ipynb" and target.exists():
            content = _carry_over(json.loads(content), target)
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not os.access(target, os.W_OK):  # nbgrader marks some files read-only
                target.chmod(0o644)
            files.write_bytes(target, content)


def _carry_over(release: dict, target: Path) -> bytes:
    """The released notebook with the learner's own answer cells in it; a damaged old copy is kept aside."""
    try:
        written = {cell["id"]: cell for cell in json.loads(target.read_text(encoding="utf-8"))["cells"] if "id" in cell}
    except (ValueError, KeyError, TypeError):
        aside = files.set_aside(target)
        say(f"{target.name} could not be read; it is kept as {aside.name}, and a fresh copy takes its place.")
        written = {}
    unchanged = True
    for cell in release["cells"]:
        old = written.get(cell.get("id"))
        if old is None:
            unchanged = False
            continue
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = old["source"]
        elif _text(cell) != _text(old):
            unchanged = False
    if unchanged and len(written) >= len(release["cells"]):
        return target.read_bytes()  # the same release: outputs and the learner's own extra cells stay too
    return (json.dumps(release, ensure_ascii=False, indent=1) + "\n").encode()


def _text(cell: dict) -> str:
    return "".join(cell["source"])


@contextmanager
def lab_command(workspace: Path, page: str, port: int, browser: bool) -> Iterator[tuple[list[str], str]]:
    """The command line of a JupyterLab for the workspace, on this machine only, and its extra configuration folder."""
    with tempfile.TemporaryDirectory(prefix="onefunnel-lab-") as folder:
        settings = Path(folder) / "settings"
        for name, content in SETTINGS.items():
            (settings / name).parent.mkdir(parents=True, exist_ok=True)
            (settings / name).write_text(json.dumps(content), encoding="utf-8")
        config = Path(folder) / "config"
        (config / "labconfig").mkdir(parents=True)
        (config / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": TEACHERS_TOOLS}))
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            f"--ServerApp.root_dir={workspace}",
            f"--ServerApp.port={port}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.open_browser={browser}",
            f"--LabApp.default_url={page}",
            f"--LabApp.user_settings_dir={settings}",
            f"--LabApp.workspaces_dir={folder}/workspaces",
            f"--LabApp.extra_labextensions_path={EXTENSIONS}",
            "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly",  # nothing is looked up on, or fetched from, a network
            "--log-level=WARN",
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # containers run as root
        ]
        yield command, str(config)
