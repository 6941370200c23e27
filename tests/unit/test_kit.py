"""kit.py: the one script a newcomer runs, before anything is installed."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onefunnel.home import home

KIT = home().root / "kit.py"


def kit(*arguments: str, python: str = sys.executable, script: Path = KIT, **environment: str):
    """Run kit.py as a user would and return the finished process."""
    return subprocess.run(
        [python, str(script), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        env=os.environ | environment,
    )


def old_pythons() -> list[str]:
    """Interpreters on this machine that are too old for the kit, if there are any."""
    names = ("python2", "python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10")
    found = [path for path in map(shutil.which, names) if path]
    probe = "import sys; sys.exit(0 if sys.version_info < (3, 11) else 1)"
    return [path for path in found if subprocess.run([path, "-c", probe], capture_output=True).returncode == 0]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what kit.py itself reads: a small checkout with its own, tiny lock."""
    root = tmp_path / "checkout"
    (root / "tests").mkdir(parents=True)
    shutil.copytree(home().root / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("kit.py", "requirements.lock", "tests/requirements.lock"):
        shutil.copy(home().root / name, root / name)
    return root


def test_an_unknown_verb_is_a_usage_error_and_sets_nothing_up(checkout):
    """A typo costs a second, not a set-up: exit 2, the verbs are named, no environment appears."""
    done = kit("dmeo", script=checkout / "kit.py")
    assert done.returncode == 2
    assert "dmeo" in done.stderr and "demo" in done.stderr
    assert not (checkout / ".venv").exists()


def test_without_a_verb_the_help_names_every_verb(checkout):
    """The bare command shows what there is, without a set-up."""
    done = kit(script=checkout / "kit.py")
    assert done.returncode == 2
    for verb in ("demo", "learn", "submit", "check", "doctor", "test"):
        assert verb in done.stdout
    assert not (checkout / ".venv").exists()


def test_a_folder_with_somebody_elses_files_is_never_replaced(checkout, tmp_path):
    """The set-up deletes only what it made: a used folder is refused and left as it was."""
    used = tmp_path / "used"
    used.mkdir()
    (used / "thesis.txt").write_text("years of work")
    done = kit("--env-dir", str(used), "check", script=checkout / "kit.py")
    assert done.returncode == 1
    assert str(used) in done.stderr and "--env-dir" in done.stderr
    assert (used / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in used.iterdir()] == ["thesis.txt"]


def test_a_missing_wheelhouse_is_named(checkout, tmp_path):
    """A wrong folder name gives one line, before anything is made."""
    done = kit("--wheelhouse", str(tmp_path / "nowhere"), "check", script=checkout / "kit.py")
    assert done.returncode == 1
    assert "nowhere" in done.stderr and "wheel" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_without_its_folder_is_explained(checkout):
    """`--env-dir` at the very end asks for its folder."""
    done = kit("--env-dir", script=checkout / "kit.py")
    assert done.returncode == 1 and "--env-dir needs a folder" in done.stderr


def test_an_interrupted_set_up_is_started_afresh_and_a_failed_one_says_why(checkout, tmp_path):
    """Leftovers of a killed set-up are removed; with an empty wheelhouse the installer's words are shown."""
    env_dir, wheels = tmp_path / "env", tmp_path / "wheels"
    wheels.mkdir()
    env_dir.mkdir()
    (env_dir / ".onefunnel-environment").touch()  # what a set-up writes first
    (env_dir / "half-made").mkdir()
    done = kit("--env-dir", str(env_dir), "--wheelhouse", str(wheels), "check", script=checkout / "kit.py")
    assert done.returncode == 1
    assert not (env_dir / "half-made").exists()
    assert not (env_dir / "onefunnel.stamp").exists(), "a failed set-up must not look complete"
    assert "The installer said" in done.stderr and "doctor" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not old_pythons(), reason="no Python older than 3.11 is installed here")
@pytest.mark.parametrize("python", old_pythons())
def test_an_old_python_is_turned_away_in_one_clear_line(python):
    """Even Python 2 can read kit.py far enough to say which Python is needed."""
    done = kit("demo", python=python)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "needs Python 3.11 or newer" in done.stderr


def test_the_version_is_checked_before_anything_else(capsys, monkeypatch):
    """Python 3.10 gets the one line and exit 1, whatever the verb."""
    spec = importlib.util.spec_from_file_location("kit", KIT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "version_info", (3, 10, 14, "final", 0))
    assert module.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "this is Python 3.10" in said and "3.11 or newer" in said


def test_kit_imports_only_the_standard_library():
    """kit.py and what it imports from the package run before anything is installed."""
    probe = (
        f"import sys; sys.path.insert(0, {str(home().root / 'src')!r}); sys.path.insert(0, {str(home().root)!r}); "
        "import kit, onefunnel.cli, onefunnel.doctor; "
        "names = {m.partition('.')[0] for m in sys.modules}; "
        "print(sorted(names - set(sys.stdlib_module_names) - {'kit', 'onefunnel', '__main__', 'sitecustomize'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", probe], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_doctor_runs_without_an_environment_and_names_each_problem_in_one_line(checkout, tmp_path):
    """An unusable environment folder is one problem line and exit 1."""
    env_dir = tmp_path / "env"
    env_dir.mkdir()
    (env_dir / "onefunnel.stamp").touch()  # looks complete, but holds no Python
    done = kit("--env-dir", str(env_dir), "doctor", script=checkout / "kit.py")
    assert done.returncode == 1
    problems = [line for line in done.stdout.splitlines() if line.startswith("problem: ")]
    assert any(str(env_dir) in line and "cannot start" in line for line in problems)
