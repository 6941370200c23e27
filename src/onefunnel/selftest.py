"""Run the tests of this checkout.

The long proofs (thousands of submissions, kill storms, benchmark grids) run only with --slow.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys

from onefunnel.errors import Problem
from onefunnel.home import home

EXAMPLE = "python kit.py test\n  python kit.py test --slow\n  python kit.py test tests/unit -k price"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb's own options; what it does not know goes to pytest."""
    parser.add_argument("--slow", action="store_true", help="run the long proofs too")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="anything else goes to pytest")


def run(args: argparse.Namespace) -> int:
    """Run pytest on the checkout, one process a core; return its exit code."""
    root = home().root
    if not (root / "tests").is_dir():
        raise Problem("there are no tests here: this is an installed copy. Run it in a checkout of the project.")
    if importlib.util.find_spec("pytest") is None:
        raise Problem("the test tools are not installed. Run the tests by: python kit.py test")
    command = [sys.executable, "-m", "pytest", *_spread(), *([] if args.slow else ["-m", "not slow"]), *args.pytest]
    return subprocess.call(command, cwd=root)


def _spread() -> list[str]:
    """What shares a costly fixture goes to one process; `tests/conftest.py` says what that is."""
    workers = min(os.cpu_count() or 1, 4)
    return ["-n", str(workers), "--dist", "loadgroup"] if workers > 1 else []
