"""Look for what could stop the kit on this machine: one line a problem, for you or your IT department.

Standard library only, and run without the environment: it must work when nothing else does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from onefunnel.home import home

EXAMPLE = "python kit.py doctor\n  python kit.py --wheelhouse wheels doctor --json"
NEEDED_MB = 1500
NEEDED_MODULES = ("jupyterlab", "nbgrader", "ipywidgets", "pandas", "matplotlib", "mkdocs", "alembic", "onefunnel")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")


def run(args: argparse.Namespace) -> int:
    """Print one line a problem; 0 if there is none, 1 otherwise."""
    env_dir = Path(os.environ.get("ONEFUNNEL_ENV_DIR") or sys.prefix)
    problems = list(examine(env_dir, os.environ.get("ONEFUNNEL_WHEELHOUSE")))
    if args.json:
        print(
            json.dumps({"python": sys.version.split()[0], "environment": str(env_dir), "problems": problems}, indent=1)
        )
    else:
        print(f"Python {sys.version.split()[0]} on {sys.platform}; environment: {env_dir}")
        for problem in problems:
            print(f"problem: {problem}")
        print("Nothing stands in the way." if not problems else "Each line above can be handed to your IT department.")
    return 1 if problems else 0


def examine(env_dir: Path, wheelhouse: str | None) -> Iterator[str]:
    """Yield one sentence a problem: what is wrong, and who can do what about it."""
    python = env_dir / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    yield from _platform()
    yield from _folders(env_dir)
    yield from _loopback()
    yield from _browser()
    if (env_dir / "onefunnel.stamp").exists():
        yield from _environment(python)
    else:
        yield from _setup(wheelhouse)


def _platform() -> Iterator[str]:
    if sys.maxsize < 2**32:
        yield "this is a 32-bit Python: install the 64-bit one; pandas offers no 32-bit packages."
    if sys.platform == "win32" and len(str(home().root)) > 120:
        yield (
            f"the folder name {home().root} is long, and Windows stops at 260 characters: move the kit to a short path "
            "such as C:\\onefunnel, or allow long paths (LongPathsEnabled)."
        )


def _folders(env_dir: Path) -> Iterator[str]:
    existing = next(folder for folder in (env_dir, *env_dir.parents) if folder.is_dir())
    try:
        with tempfile.TemporaryDirectory(dir=existing):
            pass
    except OSError as error:
        yield f"cannot write in {existing} ({error.strerror}): use --env-dir with another folder, or ask for access."
        return
    free = shutil.disk_usage(existing).free // 2**20
    if free < NEEDED_MB and not (env_dir / "onefunnel.stamp").exists():
        yield f"only {free} MB free at {existing}; the environment needs {NEEDED_MB} MB: free some, or use --env-dir."
    if str(env_dir).startswith("\\\\"):
        yield f"{env_dir} is a network drive, where programs may be blocked or slow: use --env-dir with a local folder."


def _loopback() -> Iterator[str]:
    """JupyterLab is a local web server: the browser must reach 127.0.0.1 directly."""
    try:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            with socket.create_connection(server.getsockname(), timeout=3):
                pass
    except OSError as error:
        yield f"a program cannot talk to itself on 127.0.0.1 ({error}): allow loopback for {sys.executable}."
    proxied = any(os.environ.get(name) for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"))
    exempt = os.environ.get("NO_PROXY", "") + os.environ.get("no_proxy", "")
    if proxied and "localhost" not in exempt and "127.0.0.1" not in exempt:
        yield "a proxy is set but NO_PROXY lacks localhost and 127.0.0.1: add both, or JupyterLab cannot be opened."


def _browser() -> Iterator[str]:
    try:
        webbrowser.get()
    except webbrowser.Error:
        yield "no web browser was found: the kit still works, but you must open the printed address yourself."


def _environment(python: Path) -> Iterator[str]:
    """The environment exists: can its Python be run, and do the packages load?"""
    script = f"import importlib.util as u; print([m for m in {NEEDED_MODULES!r} if u.find_spec(m) is None])"
    try:
        done = subprocess.run([str(python), "-c", script], capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        yield f"{python} cannot start ({error}): a rule may block programs there; allow it, or use --env-dir elsewhere."
        return
    if done.returncode or done.stdout.strip() != "[]":
        missing = done.stdout.strip() or done.stderr.strip().splitlines()[-1:]
        yield f"the environment is damaged (missing: {missing}): delete {python.parent.parent} and run the kit again."


def _setup(wheelhouse: str | None) -> Iterator[str]:
    """No environment yet: can one be made here? Tries the real installer on one small locked package."""
    uv = shutil.which("uv")
    if not uv:
        for module in ("venv", "ensurepip"):
            try:
                __import__(module)
            except ImportError:
                yield f"this Python lacks {module}: install it (Debian, Ubuntu: python3-venv), or put uv on PATH."
                return
    source = ["--no-index", "--find-links", wheelhouse] if wheelhouse else []
    tool = [uv, "pip"] if uv else [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    with tempfile.TemporaryDirectory() as target:
        command = [
            *tool,
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--target",
            target,
            *source,
            "editables",
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=90)
        except (OSError, subprocess.TimeoutExpired) as error:
            yield f"the package installer cannot run or gets no answer ({error}): check the proxy, or use --wheelhouse."
            return
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        reason = said[-1] if said else "no reason given"
        yield f"packages cannot be fetched ({reason}): check the proxy, or use --wheelhouse."
