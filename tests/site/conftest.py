"""The site as a stranger builds it: a copy of the checkout, the plain mkdocs command, nothing prepared."""

import os
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from onefunnel.home import home

PARTS = ("mkdocs.yml", "playbooks", "datasets", "notebooks", "site", "src")


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A fresh copy of what the site is built from, with the empty build/pages that a clone has, and the site in it."""
    folder = tmp_path_factory.mktemp("clone")
    for name in PARTS:
        source = home().root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / "build" / "pages").mkdir(parents=True)
    (folder / "build" / "pages" / ".gitkeep").touch()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr + done.stdout
    return folder


@pytest.fixture(scope="session")
def site(clone):
    """The folder of the built site."""
    return clone / "build" / "site"


@pytest.fixture(scope="session")
def soups(site):
    """Every page of the built site, parsed: path relative to the site → BeautifulSoup."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }
