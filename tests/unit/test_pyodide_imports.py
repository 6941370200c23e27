"""What lessons run on must also run in a browser: which modules `learn`, `metrics` and `data` may import, and when.

Pyodide 314 has no threads, subprocesses or sockets, and of the native packages only some. Pydantic and YAML are there,
but may only be imported inside functions, because they cost a learner seconds before the first question.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import onefunnel

PACKAGE = Path(onefunnel.__file__).parent
PARTS = ("learn", "metrics", "data")
NOT_IN_LESSONS = {
    PACKAGE / "learn" / "submission.py",  # the verb `submit`, for the terminal
    PACKAGE / "data" / "command.py",  # the verb `data`, for maintainers
}
DECLARED = {"numpy", "pandas", "matplotlib", "ipywidgets", "IPython", "onefunnel"}
FORBIDDEN = {
    "threading", "_thread", "subprocess", "socket", "ssl", "multiprocessing", "concurrent", "asyncio", "select",
    "selectors", "signal", "fcntl", "pty", "tty", "termios", "resource", "ctypes", "http", "urllib", "requests",
}  # fmt: skip
SOURCES = sorted(path for part in PARTS for path in (PACKAGE / part).rglob("*.py") if path not in NOT_IN_LESSONS)


def named_imports(nodes) -> set[str]:
    """Top-level names of every absolute import among the nodes."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def at_import(tree: ast.Module) -> list[ast.AST]:
    """Every node that runs when the module is imported: not in functions, not under TYPE_CHECKING."""
    waiting: list[ast.AST] = list(tree.body)
    found = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [] if isinstance(node, ast.Lambda) else node.decorator_list
            waiting += [*defaults, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        found.append(node)
        waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_a_browser_has(path):
    """At import: the standard library and five packages. Anywhere: no thread, process or socket."""
    tree = ast.parse(path.read_text("utf-8"))
    early = named_imports(at_import(tree))
    strangers = {name for name in early - DECLARED if name not in sys.stdlib_module_names}
    assert not strangers, f"{path.name} imports {sorted(strangers)} at import time; import them inside a function"
    assert not named_imports(ast.walk(tree)) & FORBIDDEN


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_looks_at_no_folder_and_no_environment_at_import(path):
    """Working directory, environment, files and clock are read inside functions only."""
    for node in at_import(ast.parse(path.read_text("utf-8"))):
        said = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Call) else ""
        assert not said.startswith(("os.environ", "os.getenv", "os.getcwd", "environ", "getenv")), said
        for reading in (".cwd(", ".home(", ".expanduser(", ".read_text(", ".now(", ".today(", "open("):
            assert not (reading in said and isinstance(node, ast.Call)), said


def test_opening_a_lesson_brings_no_other_package_along():
    """Imported in a fresh process, all three bring no top-level package but the declared ones and what those bring."""
    program = """
import sys, json, pkgutil, importlib
import numpy, pandas, matplotlib.figure, ipywidgets, IPython
before = {name.partition(".")[0] for name in sys.modules}
import onefunnel.learn.lesson, onefunnel.learn.simulate, onefunnel.learn.widgets, onefunnel.metrics, onefunnel.data
for package in (onefunnel.metrics, onefunnel.data, onefunnel.learn):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name.rpartition(".")[2] not in ("submission", "command"):
            importlib.import_module(module.name)
after = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted(after - before)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    brought = set(json.loads(done.stdout)) - DECLARED
    allowed_with_matplotlib = {"mpl_toolkits", "matplotlib_inline", "PIL", "kiwisolver", "contourpy", "cycler"}
    strangers = {
        name
        for name in brought - allowed_with_matplotlib
        if name not in sys.stdlib_module_names and not name.startswith("_")
    }
    assert not strangers, f"these come along: {sorted(strangers)}"
