"""The page “What changed”: days from git where there is a history, and the changelog everywhere."""

import os
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from onefunnel.home import home
from onefunnel.publish.history import last_changes
from onefunnel.publish.pages import changes
from onefunnel.publish.write import open_edition


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in a fresh repository of its own, committing on a given day."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)

    def run(*arguments, day="2026-01-01", folder=tmp_path):
        at = f"{day}T12:00:00+0000"
        who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": at}
        who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_COMMITTER_DATE": at}
        command = ["git", "-C", str(folder), *arguments]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **who})

    run("init", "-q")
    return run


def commit(git, folder, names, day):
    """Write one more line into each file, and commit them."""
    for name in names:
        path = folder / "truth" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.read_text(encoding='utf-8') if path.exists() else ''}{day}\n", encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", f"Change of {day}", day=day)


def test_each_file_has_the_day_of_its_own_last_commit(tmp_path, git):
    """Files of one commit, files changed since, odd names; files outside the folder do not count."""
    commit(git, tmp_path, ["funnel.yml", "metrics.yml", "plays/würfel wurf.md", "../README.md"], "2026-03-01")
    commit(git, tmp_path, ["metrics.yml"], "2026-04-09")
    assert last_changes(tmp_path / "truth") == {
        "funnel.yml": date(2026, 3, 1),
        "metrics.yml": date(2026, 4, 9),
        "plays/würfel wurf.md": date(2026, 3, 1),
    }


def test_a_file_that_is_gone_has_no_day_and_an_edited_one_none_yet(tmp_path, git):
    """What git once knew and the tree no longer holds is not listed; an edit that nobody committed is marked."""
    commit(git, tmp_path, ["funnel.yml", "old.yml"], "2026-03-01")
    git("rm", "-q", "truth/old.yml")
    git("commit", "-q", "-m", "Without", day="2026-03-02")
    (tmp_path / "truth" / "funnel.yml").write_text("edited\n", encoding="utf-8")
    assert last_changes(tmp_path / "truth") == {"funnel.yml": None}


def test_no_history_is_no_error(tmp_path, git):
    """A folder that git does not know; a shallow clone, which would call every file as young as its first commit."""
    assert last_changes(tmp_path / "nowhere") == {}
    commit(git, tmp_path, ["funnel.yml"], "2026-03-01")
    commit(git, tmp_path, ["metrics.yml"], "2026-04-09")
    (tmp_path / "untracked").mkdir()
    (tmp_path / "untracked" / "a.yml").touch()
    assert last_changes(tmp_path / "untracked") == {}
    git("clone", "-q", "--depth", "1", tmp_path.as_uri(), "shallow")
    assert (tmp_path / "shallow" / "truth" / "metrics.yml").is_file()
    assert last_changes(tmp_path / "shallow" / "truth") == {}


def test_a_machine_without_git_builds_the_page_too(tmp_path, git, monkeypatch):
    """With nothing on PATH there are no days, and nothing fails."""
    commit(git, tmp_path, ["funnel.yml"], "2026-03-01")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert last_changes(tmp_path / "truth") == {}


@pytest.fixture(scope="module")
def edition():
    """The kit's own edition."""
    return replace(open_edition(), lessons=())


def test_the_page_lists_the_newest_day_first_and_leads_to_each_part(edition):
    """One row a day, files before plays, each a link to its page; schemas and readmes are no parts."""
    play = edition.playbook.plays[0]
    days = {"funnel.yml": date(2026, 3, 1), "metrics.yml": None, f"plays/{play.id}.md": date(2026, 3, 1)}
    days |= {"schema/funnel.schema.json": date(2026, 5, 1), "plays/README.md": date(2026, 5, 1)}
    body = next(changes.pages(replace(edition, changed=days | {"roles.yml": date(2026, 4, 9)}))).body
    rows = [line.replace("\u00a0", " ") for line in body.split("\n") if line.startswith("| ") and "site:" in line]
    assert rows == [
        "| Edited, not committed yet | [The metrics](site:metrics) |",
        "| 9 April 2026 | [The roles](site:roles) |",
        f"| 1 March 2026 | [The funnel's steps](site:steps), [{play.name}](site:plays/{play.id}) |",
    ]


def test_without_history_the_changelog_still_stands_there(edition):
    """A copy without git says so, and tells what is new from CHANGELOG.md, under the page's own headings."""
    body = next(changes.pages(replace(edition, changed={}))).body
    assert changes.NO_HISTORY in body
    assert "## Not released yet" in body and "### Added" in body
    log = (home().root / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = [line for line in log.split("\n") if line.startswith("- ")]
    assert len(entries) > 10 and all(entry in body for entry in entries)
    assert "keepachangelog" not in body


def test_another_company_does_not_read_the_kits_changelog(edition):
    """Without the changelog the page holds the days alone."""
    assert "Not released" not in next(changes.pages(replace(edition, changelog=""))).body
