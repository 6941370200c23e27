"""Submission files are read as hostile: each ends unpacked, or refused under a name, and never in a traceback."""

import hashlib
import io
import json
import stat
import struct
import zipfile

import pytest

from onefunnel.cohort.collect import collect
from onefunnel.learn.submission import zipped

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
ANSWERS = b'{"format": 1, "learner": "ana", "answers": {}}'
GOOD = {"stages/stages.ipynb": NOTEBOOK, "stages/answers.json": ANSWERS}


def _manifest(content, **changes):
    files = [
        {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "modified": "2026-05-01"}
        for name, data in content.items()
    ]
    said = {"format": 1, "learner": "ana", "release": "0.1.0", "made_at": "2026-05-14T10:00:00+00:00", "files": files}
    return {**said, **changes}


def _zip(content, **changes):
    return zipped(_manifest(content, **changes), content)


def _raw(entries):
    """A zip of (name or ZipInfo, bytes), exactly as given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def _with_manifest(entries, content=GOOD, **changes):
    return _raw([("manifest.json", json.dumps(_manifest(content, **changes))), *entries])


def _link():
    info = zipfile.ZipInfo("stages/answers.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _with_manifest([("stages/stages.ipynb", NOTEBOOK), (info, b"/etc/passwd")])


def _locked():
    data = bytearray(_zip(GOOD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _lying_about_its_size():
    """The sizes say 10 bytes, the stream holds a megabyte."""
    data = bytearray(_zip({**GOOD, "stages/attempts.jsonl": b"x" * 1_000_000}))
    name = data.rfind(b"stages/attempts.jsonl")
    struct.pack_into("<I", data, name - 46 + 24, 10)
    return bytes(data)


def _broken_stream():
    data = bytearray(_zip(GOOD))
    at = data.find(b"stages/stages.ipynb") + len("stages/stages.ipynb")
    data[at : at + 8] = b"\xff" * 8
    return bytes(data)


TWICE = [("stages/stages.ipynb", NOTEBOOK), ("STAGES/stages.ipynb", NOTEBOOK)]
HOSTILE = {
    "not a zip": (b"this is no zip", "corrupt_file"),
    "empty file": (b"", "corrupt_file"),
    "cut off": (_zip(GOOD)[:200], "corrupt_file"),
    "broken stream": (_broken_stream(), "corrupt_file"),
    "lies about its size": (_lying_about_its_size(), "corrupt_file"),
    "climbs out": (_with_manifest([("../../evil.py", b"x")]), "unsafe_file"),
    "climbs out inside": (_with_manifest([("stages/../../evil.py", b"x")]), "unsafe_file"),
    "absolute": (_with_manifest([("/etc/passwd", b"x")]), "unsafe_file"),
    "a drive": (_with_manifest([("C:evil.py", b"x")]), "unsafe_file"),
    "backslashes": (_with_manifest([("stages\\..\\..\\evil.py", b"x")]), "unsafe_file"),
    "hidden": (_with_manifest([("stages/.bashrc", b"x")]), "unsafe_file"),
    "a folder": (_with_manifest([("stages/", b"")]), "unsafe_file"),
    "a link": (_link(), "unsafe_file"),
    "one name twice": (_with_manifest(TWICE), "unsafe_file"),
    "a bomb": (_with_manifest([("stages/stages.ipynb", b"\0" * 40_000_000)]), "too_big"),
    "a huge file": (_with_manifest([("stages/stages.ipynb", b"\0" * 60_000_000)]), "too_big"),
    "very many files": (_with_manifest([(f"stages/f{i}", b"") for i in range(500)]), "too_big"),
    "locked": (_locked(), "not_a_submission"),
    "no manifest": (_raw(GOOD.items()), "not_a_submission"),
    "manifest is a list": (_raw([("manifest.json", b"[]")]), "not_a_submission"),
    "manifest is nested": (_raw([("manifest.json", b"[" * 90_000)]), "not_a_submission"),
    "another format": (_zip(GOOD, format=2), "not_a_submission"),
    "an impossible id": (_zip(GOOD, learner="../ana"), "not_a_submission"),
    "no id": (_zip(GOOD, learner=None), "not_a_submission"),
    "no time": (_zip(GOOD, made_at="yesterday"), "not_a_submission"),
    "a far year": (_zip(GOOD, made_at="0001-01-01T00:00:00+14:00"), "not_a_submission"),
    "files of the wrong shape": (_zip(GOOD, files=["stages/stages.ipynb"]), "not_a_submission"),
    "no lesson": (_zip({}), "not_a_submission"),
    "an unknown lesson": (_zip({"poker/poker.ipynb": NOTEBOOK}), "not_a_submission"),
    "a foreign file": (_zip({**GOOD, "stages/stages.items.json": b"{}"}), "not_a_submission"),
    "no notebook": (_zip({"stages/answers.json": ANSWERS}), "not_a_submission"),
    "more than its manifest": (_with_manifest([*GOOD.items(), ("stages/x.txt", b"x")]), "not_a_submission"),
    "less than its manifest": (_with_manifest([("stages/stages.ipynb", NOTEBOOK)]), "damaged"),
    "another content": (_with_manifest([("stages/stages.ipynb", b"{}"), ("stages/answers.json", ANSWERS)]), "damaged"),
    "unknown learner": (_zip(GOOD, learner="zoe"), "unknown_learner"),
    "another's name": (_zip(GOOD, learner="ben"), "wrong_name"),
}


@pytest.mark.parametrize(("data", "outcome"), HOSTILE.values(), ids=HOSTILE)
def test_a_bad_file_is_named_and_nothing_of_it_is_written(data, outcome, tmp_path):
    """One outcome of the list, a sentence for each reader, and no file anywhere."""
    path = tmp_path / "ana.zip"
    path.write_bytes(data)
    (taken,) = collect([path], tmp_path / "submitted", {"ana", "ben"}, {"stages", "price"})
    assert (taken.outcome, taken.learner) == (outcome, "ana")
    assert taken.for_learner.endswith(".") and taken.for_lead.endswith(".")
    assert [one.name for one in tmp_path.rglob("*")] == ["ana.zip"]


def test_a_good_file_is_unpacked_with_its_time(tmp_path):
    """The files lie where nbgrader looks, beside them the time in nbgrader's own form."""
    path = tmp_path / "ana.zip"
    path.write_bytes(_zip(GOOD))
    (taken,) = collect([path], tmp_path / "submitted", {"ana"}, {"stages"})
    assert (taken.outcome, taken.lessons) == ("", ("stages",))
    found = {one.name: one.read_bytes() for one in (tmp_path / "submitted" / "ana" / "stages").iterdir()}
    assert found["stages.ipynb"] == NOTEBOOK and found["answers.json"] == ANSWERS
    assert found["timestamp.txt"] == b"2026-05-14 10:00:00.000000 UTC\n"


def test_one_bad_file_does_not_keep_the_others_out(tmp_path):
    """A corrupt file between two good ones."""
    for name in ("ana", "ben", "eva"):
        (tmp_path / f"{name}.zip").write_bytes(_zip(GOOD, learner=name) if name != "ben" else b"PK")
    outcomes = [
        one.outcome for one in collect(tmp_path.glob("*.zip"), tmp_path / "in", {"ana", "ben", "eva"}, {"stages"})
    ]
    assert outcomes == ["", "corrupt_file", ""]


def test_of_two_files_the_later_made_one_counts(tmp_path):
    """Whatever the files are called, and also when the older one is read last."""
    for name, day in (("ana", 14), ("ana (1)", 12)):
        content = {"stages/stages.ipynb": NOTEBOOK.replace(b"{}", b'{"day": %d}' % day)}
        (tmp_path / f"{name}.zip").write_bytes(_zip(content, made_at=f"2026-05-{day}T10:00:00+00:00"))
    collect(tmp_path.glob("*.zip"), tmp_path / "in", {"ana"}, {"stages"})
    assert b'"day": 14' in (tmp_path / "in" / "ana" / "stages" / "stages.ipynb").read_bytes()


@pytest.mark.parametrize("name", ["ana", "ANA", "ana (2)", "Ana Lopez_123_assignsubmission_file_ana", "2026-05-14_ana"])
def test_names_that_a_learning_platform_makes_are_fine(name, tmp_path):
    """Downloads add numbers and words around the id."""
    path = tmp_path / f"{name}.zip"
    path.write_bytes(_zip(GOOD))
    assert collect([path], tmp_path / "in", {"ana"}, {"stages"})[0].outcome == ""
