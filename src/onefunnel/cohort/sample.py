"""The sample cohort: made-up learners who do all that learners do, in workspaces and files like anybody's.

No answer is kept here. Right and wrong ones are computed from each learner's own book when the cohort is made.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from onefunnel.data import Tables
from onefunnel.learn import identity, simulate
from onefunnel.learn.answers import FILE as ANSWERS
from onefunnel.learn.answers import Answers, Entry
from onefunnel.learn.items import Item, Items, load_items
from onefunnel.learn.reading import reading_only
from onefunnel.learn.submission import MANIFEST, pack, zipped
from onefunnel.learn.world import World
from onefunnel.playbook import Playbook

_MARK = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\s*$")


@dataclass
class Desk:
    """A learner at work: their lessons, their world, and their answer files."""

    learner: str
    folder: Path
    course: Path
    items: dict[str, Items]
    world: World
    told: dict[str, list[str]]  # the misconceptions shown so far, by lesson

    def answer(self, item: Item, misconception: str | None = None, wrong: bool = False) -> None:
        """Keep an answer, right or wrong, as the lesson's own widget would, and log the attempt as its check would."""
        if reading_only(item, self.world):
            return
        shown = misconception is not None or wrong
        made = (
            simulate.wrong_answer(item, misconception, self.world) if shown else simulate.right_answer(item, self.world)
        )
        answers = Answers.load(self.folder / item.lesson, self.learner)
        answers.put(item, Entry(item.type, made))
        if item.points:
            answers.log(item, not shown, misconception)
        if misconception:
            self.told.setdefault(item.lesson, []).append(misconception)

    def answer_all(self, wrong: Callable[[int, Item], bool] = lambda *_: False, but: Iterable[str] = ()) -> None:
        """Answer every question but those, and write what is to be written.

        `wrong(n, item)` says which of the counted questions to miss.
        """
        for items in self.items.values():
            counted = [item for item in items.values() if item.points]
            for item in items.values():
                if item.qualified not in but:
                    self.answer(item, wrong=item in counted and wrong(counted.index(item), item))
        self._fill("written", lambda _, text: text)

    def write_code(self, change: Callable[[str, str], str] = lambda _, code: code) -> list[str]:
        """Put the source's solutions into the answer cells; `change(exercise, code)` edits them. Returns their ids."""
        return self._fill("answer", change)

    def _fill(self, wanted: str, change: Callable[[str, str], str]) -> list[str]:
        done = []
        for lesson in self.items:
            path = self.folder / lesson / f"{lesson}.ipynb"
            notebook = json.loads(path.read_text(encoding="utf-8"))
            solutions = self._solutions(lesson)
            for cell in notebook["cells"]:
                for tag in cell["metadata"].get("tags", []):
                    kind, _, exercise = tag.partition(":")
                    if kind == wanted:
                        cell["source"] = change(exercise, solutions[cell["id"]])
                        done.append(f"{lesson}/{exercise}")
            path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        return done

    def _solutions(self, lesson: str) -> dict[str, str]:
        """The source's cells by id, without the lines that mark a solution."""
        source = json.loads((self.course / "source" / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8"))
        lines = {cell["id"]: "".join(cell["source"]).split("\n") for cell in source["cells"]}
        return {name: "\n".join(line for line in cell if not _MARK.match(line)) for name, cell in lines.items()}


@dataclass(frozen=True)
class Sample:
    """One made-up learner: who (an id of the sample roster, or nobody's), what they do, and how many hours late."""

    learner: str
    does: str
    work: Callable[[Desk], Any]
    hours_late: int = -20
    spoil: Callable[[bytes], bytes] | None = None


def _by_code(desk: Desk) -> None:
    desk.answer_all(but=desk.write_code())


def _raises(desk: Desk) -> None:
    desk.answer_all(but=desk.write_code(lambda exercise, code: "1 / 0" if exercise in ("E3", "E1a") else code))


def _warns(desk: Desk) -> None:
    """Warn in the answer cell of a line, which costs nothing, and inside a function, which the check calls."""

    def with_warning(_: str, code: str) -> str:
        body = re.sub(r'(?m)^(def .*:\n(?:    """.*"""\n)?)', r'\1    warnings.warn("old table")\n', code)
        return "import warnings\n" + (body if body != code else f'warnings.warn("old table")\n{code}')

    desk.answer_all(but=desk.write_code(with_warning))


def _stops_python(desk: Desk) -> None:
    """Only in the first lesson: there is no second one for whoever hands in such a file."""
    desk.items = dict([next(iter(desk.items.items()))])
    desk.answer_all()
    desk.write_code(lambda _, code: f"import os\nos._exit(1)\n{code}")


def _only_guesses(desk: Desk) -> None:
    for items in desk.items.values():
        for item in items.values():
            if item.type == "predict":
                desk.answer(item)


def _shows(number: int) -> Callable[[Desk], None]:
    """Show each question's misconception of that number, and answer right where it has fewer.

    A lesson in which no question has so many is not begun.
    """

    def work(desk: Desk) -> None:
        for items in desk.items.values():
            if not any(number < len(item.misconceptions) for item in items.values() if item.points):
                continue
            for item in items.values():
                named = item.misconceptions if item.points else ()
                desk.answer(item, named[number] if number < len(named) else None)

    return work


def _half_of_it(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _climbing(data: bytes) -> bytes:
    """Add an entry that would land outside of the folder it is unpacked to."""
    return _rewritten(data, lambda content: content | {"../../../evil.py": b"print('unpacked')\n"})


def _rewritten(data: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop(MANIFEST))
    return zipped(manifest, change(content))


def samples(items: dict[str, Items]) -> list[Sample]:
    """Return the cohort: enough learners that every named misconception of the lessons occurs."""
    most = max(len(item.misconceptions) for one in items.values() for item in one.values() if item.points)
    spare = ["hugo", "ines", "jonas", "kaja", "liam", "mara"]
    return [
        Sample("ana", "all right, in code where there is a code way", _by_code),
        Sample("bruno", "all right, without a line of code", lambda desk: desk.answer_all()),
        Sample("carla", "good: one question of each lesson wrong", lambda d: d.answer_all(wrong=lambda n, _: n == 1)),
        Sample("deniz", "half of it wrong", lambda desk: desk.answer_all(wrong=lambda n, _: n % 2 == 0)),
        Sample("elif", "blank but for the first guess", _only_guesses),
        Sample("farid", "an answer cell that raises an error", _raises),
        Sample("greta", "a warning on stderr in the answers", _warns),
        *(Sample(spare[n], f"misconception {n + 1} of every question", _shows(n)) for n in range(most)),
        Sample("noor", "all right, but two days late", lambda desk: desk.answer_all(), hours_late=50),
        Sample("omar", "a file cut off on its way", _only_guesses, spoil=_half_of_it),
        Sample("paula", "answers copied from Ana", lambda desk: desk.answer_all()),
        Sample("quirin", "a file that would climb out of its folder", _only_guesses, spoil=_climbing),
        Sample("rosa", "an answer cell that stops Python", _stops_python),
        Sample("zoe", "nobody on the roster", _only_guesses),
    ]


COPIES = {"paula": "ana"}  # who hands in whose answers


def make_cohort(
    course: Path,
    lessons: list[str],
    learners: Path,
    submissions: Path,
    tables: Tables,
    playbook: Playbook,
    due: datetime,
) -> list[Sample]:
    """Make every sample learner's workspace below `learners` and submission file in `submissions`.

    The lessons are those released in `course`. Files are written by `learn.submission.pack`, then spoilt where the
    sample says so. Raises Problem when a question has no answer that is right, or none that shows a misconception.
    """
    items = {slug: load_items(course / "release" / slug / f"{slug}.items.json") for slug in lessons}
    made = samples(items)
    submissions.mkdir(parents=True, exist_ok=True)
    for sample in made:
        desk = Desk(
            sample.learner, learners / sample.learner, course, items, World.of(tables, playbook, sample.learner), {}
        )
        for slug in lessons:
            shutil.copytree(course / "release" / slug, desk.folder / slug)
            identity.keep(desk.folder / slug, sample.learner)
        sample.work(desk)
        path = submissions / f"{sample.learner}.zip"
        pack(desk.folder, path, due + timedelta(hours=sample.hours_late))
        if sample.learner in COPIES:
            _copy_answers(learners / COPIES[sample.learner], path, lessons)
        if sample.spoil:
            path.write_bytes(sample.spoil(path.read_bytes()))
    return made


def _copy_answers(colleague: Path, path: Path, lessons: list[str]) -> None:
    """Put a colleague's answers into a finished file, with hashes that fit: `submit` itself would not write this."""
    import hashlib
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop(MANIFEST))
    for lesson in lessons:
        content[f"{lesson}/{ANSWERS}"] = (colleague / lesson / ANSWERS).read_bytes()
    for one in manifest["files"]:
        data = content[one["path"]]
        one |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    path.write_bytes(zipped(manifest, content))
