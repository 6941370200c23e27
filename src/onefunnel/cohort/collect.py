"""Take in submission files, every one of which may be broken or hostile.

Nothing of a file is written anywhere before all of it has been read, bounded and checked. Each file ends as a
`Taken`: unpacked into `submitted/`, or refused under a name of the closed list of outcomes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader import utils

from onefunnel.errors import Problem
from onefunnel.grading.outcomes import Refused
from onefunnel.learn.answers import ATTEMPTS
from onefunnel.learn.answers import FILE as ANSWERS
from onefunnel.learn.identity import normalise
from onefunnel.learn.submission import FORMAT, MANIFEST

# Far above any honest submission (a lesson's notebook with figures has about 1 MB), far below what hurts.
MAX_ZIP_BYTES = 100_000_000
MAX_ENTRIES = 200
MAX_FILE_BYTES = 50_000_000
MAX_TOTAL_BYTES = 200_000_000
MAX_RATIO = 200  # deflate cannot honestly do more on a notebook: base64 figures shrink by a third, JSON by ten
MAX_MANIFEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Read:
    """A submission file whose every byte has been checked: {lesson: {file name: bytes}}."""

    learner: str
    made_at: datetime
    release: str
    lessons: dict[str, dict[str, bytes]]


@dataclass(frozen=True)
class Taken:
    """One file's fate. `outcome` is "" for a file that was unpacked."""

    file: str
    learner: str
    lessons: tuple[str, ...] = ()
    outcome: str = ""
    for_learner: str = ""
    for_lead: str = ""


def collect(
    files: Iterable[Path],
    submitted: Path,
    roster: Iterable[str],
    lessons: Iterable[str],
    received: datetime | None = None,
) -> list[Taken]:
    """Read each file and unpack the good ones to `submitted/LEARNER/LESSON/`, with nbgrader's timestamp.txt.

    The time that counts is `received` where the lead says so, else the manifest's own. Of two files of one learner
    the later made one counts. Never raises for what a file holds.
    """
    roster, lessons = set(roster), set(lessons)
    taken, newest = [], {}
    for path in sorted(files, key=lambda file: file.name):
        try:
            found = read(path, roster, lessons)
        except Refused as refusal:
            for_learner, for_lead = refusal.outcome.sentences(path.name, refusal.detail)
            taken.append(Taken(path.name, _guess(path, roster), (), refusal.outcome.id, for_learner, for_lead))
            continue
        taken.append(Taken(path.name, found.learner, tuple(sorted(found.lessons))))
        if found.learner not in newest or found.made_at >= newest[found.learner].made_at:
            newest[found.learner] = found
    for found in newest.values():
        for lesson, content in found.lessons.items():
            stamp = (received or found.made_at).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            _unpack({**content, "timestamp.txt": f"{stamp}\n".encode()}, submitted / found.learner / lesson)
    return taken


def read(path: Path, roster: set[str], lessons: set[str]) -> Read:
    """Read one file completely. Raises Refused with the outcome it ends in."""
    archive = _open(path)
    with archive:
        entries = _entries(archive)
        manifest = _manifest(archive, entries)
        learner = _known_learner(manifest, path, roster)
        content = _content(archive, entries, manifest)
    found: dict[str, dict[str, bytes]] = {}
    for name, data in content.items():
        lesson, file = name.split("/")
        if lesson not in lessons:
            raise Refused("not_a_submission", f"{lesson!r} is not a lesson of this cohort")
        if file not in (f"{lesson}.ipynb", ANSWERS, ATTEMPTS):
            raise Refused("not_a_submission", f"{name!r} does not belong in a submission")
        found.setdefault(lesson, {})[file] = data
    if not found:
        raise Refused("not_a_submission", "it holds no lesson")
    for lesson, files in found.items():
        if f"{lesson}.ipynb" not in files:
            raise Refused("not_a_submission", f"{lesson}/{lesson}.ipynb is missing")
    return Read(learner, _moment(manifest), str(manifest.get("release", ""))[:40], found)


def _open(path: Path) -> zipfile.ZipFile:
    try:
        if path.is_symlink() or not path.is_file():
            raise Refused("corrupt_file", "not an ordinary file")
        size = path.stat().st_size
        if size > MAX_ZIP_BYTES:
            raise Refused("too_big", f"{size // 1_000_000} MB")
        return zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    except OSError as error:
        raise Refused("corrupt_file", error.strerror or str(error)) from error
    except Refused:
        raise
    except Exception as error:  # a crafted archive makes zipfile raise more than BadZipFile
        raise Refused("corrupt_file", f"{type(error).__name__}: {str(error)[:100]}") from error


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Check every name and size before anything is unpacked."""
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise Refused("too_big", f"{len(infos)} files in one zip")
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise Refused("unsafe_file", f"{_shown(name)} is not an ordinary file")
        if _unsafe(info.orig_filename) or _unsafe(name):
            raise Refused("unsafe_file", f"the name {_shown(name)} leads out of its folder or is not a plain one")
        if name.casefold() in {known.casefold() for known in entries}:
            raise Refused("unsafe_file", f"{_shown(name)} is there twice")
        if info.flag_bits & 0x1:
            raise Refused("not_a_submission", "it is locked with a password")
        if info.file_size > MAX_FILE_BYTES:
            raise Refused("too_big", f"{_shown(name)} would unpack to {info.file_size // 1_000_000} MB")
        if info.file_size > 100_000 and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise Refused(
                "too_big", f"{_shown(name)} unpacks to {info.file_size // max(1, info.compress_size)} times its size"
            )
        entries[name] = info
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL_BYTES:
        raise Refused("too_big", f"it would unpack to {total // 1_000_000} MB")
    return entries


def _unsafe(name: str) -> bool:
    """Whether a name inside a zip is anything but FILE or FOLDER/FILE in plain characters."""
    parts = PurePosixPath(name).parts
    plain = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?", name)
    return not plain or ".." in parts or any(part.endswith(".") for part in parts)


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Unpack one entry, never more than was declared."""
    try:
        with archive.open(info) as stream:
            data = stream.read(most + 1)
    except Exception as error:  # bad checksums, broken deflate streams, methods we do not have
        raise Refused("corrupt_file", f"{_shown(info.filename)}: {type(error).__name__}") from error
    if len(data) > most:
        raise Refused("too_big", f"{_shown(info.filename)} holds more than it declares")
    return data


def _manifest(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    if MANIFEST not in entries:
        raise Refused("not_a_submission", f"no {MANIFEST} in it")
    try:
        manifest = json.loads(_unzip(archive, entries[MANIFEST], MAX_MANIFEST_BYTES))
    except (ValueError, RecursionError) as error:
        raise Refused("not_a_submission", f"its {MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), list):
        raise Refused("not_a_submission", f"its {MANIFEST} does not list any files")
    if manifest.get("format") != FORMAT:
        raise Refused(
            "not_a_submission", f"format {str(manifest.get('format'))[:20]!r}; this kit reads format {FORMAT}"
        )
    return manifest


def _known_learner(manifest: dict[str, Any], path: Path, roster: set[str]) -> str:
    try:
        learner = normalise(manifest.get("learner"))
    except Problem as problem:
        raise Refused("not_a_submission", str(problem)) from problem
    if learner not in roster:
        raise Refused("unknown_learner", learner)
    if not _names(path.stem, learner):
        raise Refused("wrong_name", f"{path.name} holds the work of {learner}")
    return learner


def _names(stem: str, learner: str) -> bool:
    """Whether a file's name names the learner: the id itself, or the id set off by other signs (an LMS adds some)."""
    return bool(re.search(rf"(?<![a-z0-9.@-]){re.escape(learner)}(?![a-z0-9@]|[.-][a-z0-9])", stem.casefold()))


def _content(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], manifest: dict[str, Any]
) -> dict[str, bytes]:
    """Unpack what the manifest lists, and nothing that it does not."""
    listed: dict[str, str] = {}
    for one in manifest["files"]:
        if not (isinstance(one, dict) and isinstance(one.get("path"), str) and isinstance(one.get("sha256"), str)):
            raise Refused("not_a_submission", "its manifest lists something that is not a file")
        if one["path"] in listed:
            raise Refused("not_a_submission", f"its manifest lists {_shown(one['path'])} twice")
        listed[one["path"]] = one["sha256"]
    extra, lost = set(entries) - set(listed) - {MANIFEST}, set(listed) - set(entries)
    if extra:
        raise Refused("not_a_submission", f"{_shown(min(extra))} is not in its manifest")
    if lost:
        raise Refused("damaged", f"{_shown(min(lost))} is missing")
    content = {}
    for name, digest in listed.items():
        if name.count("/") != 1:
            raise Refused("not_a_submission", f"{_shown(name)} does not belong in a submission")
        data = _unzip(archive, entries[name], entries[name].file_size)
        if hashlib.sha256(data).hexdigest() != digest:
            raise Refused("damaged", f"{_shown(name)} is not what its manifest says")
        content[name] = data
    return content


def _moment(manifest: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(manifest["made_at"])
        return moment.astimezone(UTC)  # a far-off year overflows here
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused("not_a_submission", "its manifest does not say when it was made") from error


def _guess(path: Path, roster: set[str]) -> str:
    """Whose a refused file probably is: the roster id in its name, else the name itself."""
    named = [learner for learner in roster if _names(path.stem, learner)]
    return max(named, key=len) if named else path.stem[:64]


def _shown(name: str) -> str:
    return repr(name[:80])


def _unpack(content: dict[str, bytes], place: Path) -> None:
    """Put a lesson's files in place as a whole: beside it first, then by renaming."""
    fresh, old = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    for leftover in (fresh, old):
        if leftover.exists():
            utils.rmtree(str(leftover))
    fresh.mkdir(parents=True)
    for name, data in content.items():
        (fresh / name).write_bytes(data)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    if old.exists():
        utils.rmtree(str(old))
