"""The sheets for IT and data protection say what the code does: each fact that can drift is read from the code."""

import argparse
import ast
import importlib.metadata
import re
import tomllib

import pytest

from onefunnel import doctor, lab
from onefunnel.cohort import course, summary
from onefunnel.home import home
from onefunnel.learn import answers, identity
from onefunnel.publish import site

PAGES = home().site / "pages"


def page(name):
    """The words of a hand-written page."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def cells(text, heading):
    """The rows of the first table under a heading, cell by cell, without the head."""
    under = text[text.index(f"## {heading}") :]
    (rows, *_) = re.findall(r"(?:^\|.*\n)+", under, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()[2:]]


def default(verb, option, *words):
    """The default of an option as the command line declares it."""
    parser = argparse.ArgumentParser()
    verb.arguments(parser)
    return getattr(parser.parse_args(list(words)), option)


def test_ports_are_the_defaults_of_the_commands():
    """The port of each server stands in the row of its command, and all of them listen on this machine only."""
    ports = {row[0]: row[2] for row in cells(page("it-sheet"), "What runs, and on which port")}
    assert re.search(rf"\b{default(lab, 'port')}\b", ports["`learn`"])
    assert ports["`site serve`"] == str(default(site, "port", "serve"))
    source = home().root / "src" / "onefunnel"
    said = [line for path in source.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    bound = [line for line in said if re.search(r"dev_addr=|ServerApp\.ip=", line)]
    assert len(bound) == 2 and all("127.0.0.1" in line for line in bound)
    assert not [line for line in said if "0.0.0.0" in line]


def test_nothing_of_ours_can_fetch_from_a_network():
    """No module of the kit imports an HTTP client; sockets open to this machine alone: to grade, to find a port."""
    clients = {"requests", "httpx", "aiohttp", "http.client", "urllib.request", "urllib3", "ftplib", "smtplib"}
    root, found, sockets = home().root / "src" / "onefunnel", [], set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(path.name, name) for name in names if name in clients or name.split(".")[0] in clients]
            sockets |= {path.relative_to(root).parts[0] for name in names if name == "socket"}
    assert found == []
    assert sockets <= {"doctor.py", "lab.py", "grading"}


def test_jupyters_look_ups_are_off():
    """The sheet says so; these are the switches."""
    with lab.lab_command(home().build, "/lab", 8888, False) as (command, _):
        assert "--LabApp.news_url=None" in command and "--LabApp.extension_manager=readonly" in command
        assert "--ServerApp.ip=127.0.0.1" in command
    assert lab.SETTINGS["@jupyterlab/apputils-extension/notification.jupyterlab-settings"]["checkForUpdates"] is False


def test_python_disk_and_folders_are_those_of_the_code():
    """The oldest Python, the room that the doctor asks for, and the learner's folder."""
    project = tomllib.loads((home().root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    sheet = page("it-sheet")
    assert f"Python {oldest} or newer" in sheet
    assert f"About {doctor.NEEDED_MB} MB" in sheet
    workspace = default(lab, "workspace")
    assert workspace.parent == workspace.home() and f"`{workspace.name}` in the home folder" in sheet
    assert f"(`{workspace.name}` in the home folder)" in page("data-protection")


def test_every_package_stands_there_with_its_licence():
    """The packages are those of pyproject.toml, and each licence is the one that the installed package declares."""
    project = tomllib.loads((home().root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [re.split(r"[<>=\[]", one)[0] for one in project["dependencies"]]
    told = dict(cells(page("it-sheet"), "Licences"))
    assert list(told) == needed
    for package, licence in told.items():
        about = importlib.metadata.metadata(package)
        declared = " ".join(
            [about.get("License-Expression") or "", (about.get("License") or "")[:40]]
            + [one for one in about.get_all("Classifier") or [] if one.startswith("License")]
        )
        name = {"PSF": "Python Software Foundation"}.get(licence, licence)
        assert name in declared, (package, declared)
    assert project["license"] in page("it-sheet")


def test_the_files_about_learners_are_those_that_are_written():
    """Names of files, the settings of the log and its lower bound are the code's own."""
    sheet = page("data-protection")
    for name in (answers.FILE, answers.ATTEMPTS, identity.FILE, course.ROSTER, course.COHORT):
        assert f"`{name}`" in sheet, name
    settings = [row[0].split("`")[1] for row in cells(sheet, "The log of attempts")]
    assert settings == list(course.ATTEMPTS)
    (usual,) = [row[0] for row in cells(sheet, "The log of attempts") if "default" in row[0]]
    assert f"`{course.Cohort.__dataclass_fields__['attempts'].default}`" in usual
    assert f"at least {summary.FEWEST} learners" in sheet


def test_an_attempt_holds_what_the_sheet_says_and_no_more(tmp_path, monkeypatch):
    """One real line of the log has the five things that are named, and grading writes none."""
    import json

    from onefunnel.learn.answers import Answers
    from onefunnel.learn.items import load_items
    from onefunnel.lessons.build import build

    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    build(["stages"], to=tmp_path / "built")
    (found,) = (tmp_path / "built").rglob("stages.items.json")
    items = load_items(found)
    item = next(one for one in items.values() if one.points)
    mine = Answers(tmp_path, "ana")
    mine.log(item, False, "some_hint")
    (line,) = (tmp_path / answers.ATTEMPTS).read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)) | {"sure"} == {"at", "item", "passed", "hint", "sure"}
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    mine.log(item, True, None)
    assert len((tmp_path / answers.ATTEMPTS).read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("name", ["it-sheet", "data-protection", "facilitator-kit"])
def test_the_sheets_are_about_the_kit_and_not_about_the_sample_company(name):
    """They stand on every company's site, so they name no company and no step or play of one."""
    text = page(name)
    assert "Altamar" not in text and "offee" not in text
    assert not re.search(r"site:(steps|plays|metrics|roles|mix)/\w", text.replace("site:steps/clock-rules", ""))


def test_the_agendas_of_the_facilitator_kit_fill_their_time():
    """The minutes of each agenda add up to what its heading promises."""
    for heading in re.findall(r"^## (.*\d+ minutes)$", page("facilitator-kit"), re.MULTILINE):
        promised = int(re.search(r"(\d+) minutes", heading)[1])
        assert sum(int(row[0].removesuffix(" min")) for row in cells(page("facilitator-kit"), heading)) == promised
