"""Put all that you have done so far into one file to hand in.

A submission file is a zip: `manifest.json` (format, learner, release, per file its sha256, size and time), and for
every lesson that was begun `LESSON/LESSON.ipynb`, `LESSON/answers.json` and `LESSON/attempts.jsonl`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import zipfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onefunnel import __version__
from onefunnel.errors import Problem
from onefunnel.learn import cells, identity
from onefunnel.learn.answers import ATTEMPTS, FINISHED
from onefunnel.learn.answers import FILE as ANSWERS
from onefunnel.learn.files import Unreadable, read_json

EXAMPLE = "python kit.py submit\n  python kit.py submit --workspace D:/training --to D:/hand-in/ana.zip"
FORMAT = 1
MANIFEST = "manifest.json"
MAX_FILE_BYTES = 50_000_000
SEND = "Send this one file to the person who gave you your learner id, your enablement lead."


@dataclass(frozen=True)
class Begun:
    """One lesson in the file: how many of its counted questions have an answer, and the titles of those without.

    `also_open` are questions that nobody counts (a prediction, a written answer for yourself, the Monday line).
    """

    lesson: str
    title: str
    answered: int
    questions: int
    unanswered: list[str] = field(default_factory=list)
    also_open: list[str] = field(default_factory=list)
    finished: bool = False  # a test that was ended: its open questions stay open
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Packed:
    """What was written."""

    path: Path
    learner: str
    bytes: int
    lessons: list[Begun]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("--workspace", type=Path, default=Path.home() / "OneFunnel", help="your folder (%(default)s)")
    parser.add_argument("--to", type=Path, help="the file to write (YOUR-ID.zip in your folder)")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    packed = pack(args.workspace, args.to)
    if args.json:
        print(json.dumps({**asdict(packed), "path": str(packed.path)}, ensure_ascii=False, indent=1))
        return 0
    print(f"Written for {packed.learner}: {packed.path} ({packed.bytes / 1000:,.0f} kB)")
    for begun in in_order(packed.lessons, args.workspace.resolve()):
        print(f"  {begun.title} ({begun.lesson}): {begun.answered} of {begun.questions} questions answered")
        for title in begun.unanswered:
            print(f"    {'left open' if begun.finished else 'still open'}: {title}")
        if begun.also_open:
            print(f"    also open, not counted: {', '.join(begun.also_open)}")
    print(f"{SEND} You may hand in again: the newest file counts.")
    return 0


def command(workspace: Path) -> str:
    """Return what to type to hand in a workspace; the usual folder need not be named."""
    return "python kit.py submit" + ("" if workspace == Path.home() / "OneFunnel" else f' --workspace "{workspace}"')


def in_order(lessons: list[Begun], workspace: Path) -> list[Begun]:
    """Return the lessons as the learner's path has them, others after them by name."""
    from onefunnel import playbook
    from onefunnel.learn import homepage

    try:
        truth = playbook.load()
    except Problem:  # handing in must not depend on it
        return lessons
    path = homepage.chosen_path(workspace, truth) or truth.paths[0]
    place = {slug: number for number, slug in enumerate(path.lessons)}
    return sorted(lessons, key=lambda begun: place.get(begun.lesson, len(place)))


def pack(workspace: Path, to: Path | None = None, made_at: datetime | None = None) -> Packed:
    """Write the submission file of a workspace; a kill leaves the old file or the new one, never half.

    The same files and `made_at` give the same bytes. Raises Problem: no workspace, no or differing learner ids,
    nothing done yet, a file too big or not writable.
    """
    workspace = Path(workspace).resolve()
    if not workspace.is_dir():
        raise Problem(f"There is no folder {workspace}. Begin with “learn”, or say where you work: --workspace FOLDER.")
    folders = [folder for folder in sorted(workspace.iterdir()) if (folder / f"{folder.name}.ipynb").is_file()]
    learner = _learner(workspace, folders)
    begun, content, listed = [], {}, []
    for folder in folders:
        done = _begun(folder)
        if done is None:
            continue
        begun.append(done)
        for name in done.files:
            path = workspace / name
            content[name] = _bytes(path)
            listed.append(_entry(name, content[name], path.stat().st_mtime))
    if not begun:
        raise Problem(f"Nothing is done yet in {workspace}: no lesson there has an answer. Answer a question first.")
    moment = (made_at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    manifest = {"format": FORMAT, "learner": learner, "release": __version__, "made_at": moment, "files": listed}
    data = zipped(manifest, content)
    path = Path(to).resolve() if to else workspace / f"{learner}.zip"
    _write(path, data)
    return Packed(path, learner, len(data), begun)


def zipped(manifest: dict[str, Any], content: dict[str, bytes]) -> bytes:
    """Return the zip's bytes: the manifest first, then the files by name, with no clock in it."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in [(MANIFEST, text.encode("utf-8")), *sorted(content.items())]:
            info = zipfile.ZipInfo(name)  # dated 1980: the bytes depend on the content alone
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _learner(workspace: Path, folders: list[Path]) -> str:
    """Return the one learner id of a workspace."""
    said: dict[str, str] = {}
    for folder in [workspace, *folders]:
        name = identity.FILE if folder == workspace else f"{folder.name}/{identity.FILE}"
        try:
            content = read_json(folder / identity.FILE)
            answers = read_json(folder / ANSWERS)
        except Unreadable as error:
            raise Problem(
                f"{folder}: a file beside your notebook is damaged: {error}. Open the lesson again."
            ) from None
        if content is not None:
            said[name] = identity.normalise(content.get("learner"))
        if answers is not None and answers.get("answers"):
            said[name.replace(identity.FILE, ANSWERS)] = str(answers.get("learner"))
    if not said:
        raise Problem(
            f"{workspace} does not say whose it is: no {identity.FILE}. Open a lesson and type your id first."
        )
    if len(set(said.values())) > 1:
        who = ", ".join(f"{name} says {learner}" for name, learner in said.items())
        raise Problem(f"The work in {workspace} is of more than one learner: {who}. Hand in only your own folder.")
    return next(iter(said.values()))


def _begun(folder: Path) -> Begun | None:
    """Return what was done in one lesson's folder, None where it was only looked at."""
    name = folder.name
    kept = (read_json(folder / ANSWERS) or {}).get("answers") or {}
    answered = {key.partition("/")[2] for key, entry in kept.items() if isinstance(entry, dict) and entry.get("answer")}
    written, untouched = cells.written(folder / f"{name}.ipynb")
    ended = f"{name}/{FINISHED}" in kept  # a test, perhaps with every question left open
    if not (answered or written or ended or (folder / ATTEMPTS).is_file()):
        return None
    try:
        items = read_json(folder / f"{name}.items.json") or {}
    except Unreadable:
        items = {}
    asked = items.get("items") or {}
    counted = {key: item for key, item in asked.items() if item.get("points")}
    also_open = [item.get("title") or key for key, item in asked.items() if key not in {*counted, *answered}]
    questions = {key: item.get("title") or key for key, item in counted.items()}
    titles = items.get("written") or {}
    for key in sorted(written | untouched):
        if key.startswith("W"):
            questions[key] = f"{(titles.get(key) or {}).get('title') or key} (a written answer)"
    done = answered | written
    unanswered = [title for key, title in questions.items() if key not in done]
    files = [f"{name}/{file}" for file in (f"{name}.ipynb", ANSWERS, ATTEMPTS) if (folder / file).is_file()]
    title = str(items.get("title") or name)
    return Begun(name, title, len(questions) - len(unanswered), len(questions), unanswered, also_open, ended, files)


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise Problem(
            f"{path} has {size // 1_000_000} MB. Clear its outputs (Edit > Clear All Outputs), save, try again."
        )
    return path.read_bytes()


def _entry(name: str, data: bytes, modified: float) -> dict[str, Any]:
    moment = datetime.fromtimestamp(modified, UTC).isoformat(timespec="seconds")
    return {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "modified": moment}


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise Problem(
            f"{path} cannot be written ({error.strerror or error}). Name another place: --to FOLDER/ID.zip"
        ) from None
