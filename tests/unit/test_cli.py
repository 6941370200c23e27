"""The command: what it passes on to pytest, and what it refuses."""

import subprocess

import pytest

from onefunnel.cli import main


def test_options_of_pytest_may_stand_first(monkeypatch):
    """`test -k price tests/unit` reaches pytest whole and in order; `--slow` stays ours."""
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda command, **_: calls.append(command) or 0)
    assert main(["test", "-k", "price", "tests/unit"]) == 0
    assert calls[0][-3:] == ["-k", "price", "tests/unit"]
    assert "not slow" in calls[0]
    assert main(["test", "-q", "--slow"]) == 0
    assert calls[1][-1] == "-q" and "not slow" not in calls[1]


def test_any_other_verb_refuses_what_it_does_not_know(capsys):
    """A mistyped option is a usage error, exit 2, and is named."""
    with pytest.raises(SystemExit) as stop:
        main(["check", "--relaese"])
    assert stop.value.code == 2
    assert "--relaese" in capsys.readouterr().err
