"""Step 2 for a submission of data alone: run the *released* cells over the learner's `answers.json`, warm and unboxed.

No learner code is here to be boxed: every code cell stands as released, and of the submission's files only the answers
are laid beside it. So one process may serve many submissions, and IPython runs the cells without a kernel around it.
What is shown is what a kernel would show.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from onefunnel.grading.settings import Limits
from onefunnel.grading.work import Executed, Work, run_folder, write_files


def replay(work: Work, limits: Limits) -> Executed:
    """Run the notebooks. Never raises for what the answers hold."""
    started, before = time.monotonic(), time.process_time()
    done: dict[str, bytes] = {}
    status, detail = "done", ""
    try:
        with tempfile.TemporaryDirectory(prefix="onefunnel-run-") as place, _clock(limits.wall_seconds) as rang:
            folder = run_folder(Path(place), work)
            write_files(folder, work.files)
            with _graded(work.learner, folder):
                for name, notebook in work.notebooks.items():
                    done[name] = _run(notebook, limits, rang)
    except _TooLong:
        status, detail, done = "timed_out", f"{limits.wall_seconds:g} s in all", {}
    except _TooMuch:
        status, detail, done = "killed", f"more than {limits.output_bytes / 1e6:g} MB of output", {}
    used = time.process_time() - before
    return Executed(status, done, "data", time.monotonic() - started, 0, 0, used, detail)


def draw_inline() -> None:
    """Let figures become outputs, as a kernel does. Before matplotlib is imported."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"


@cache
def warm_up(modules: tuple[str, ...]) -> None:
    """Import what the lessons import, before their first submission."""
    draw_inline()
    _shell()
    for module in modules:
        with contextlib.suppress(Exception):  # the cell that needs it will say so
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # IPython collects at each reset, and need not look at what stays


class _TooLong(BaseException):
    """The clock rang. No Exception: a lesson's own `except Exception` must not stop it."""


class _TooMuch(BaseException):
    """More output than a submission may have."""


class _Outputs(list):
    """The outputs of the cell at hand, bounded."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0

    def add(self, kind: str, **content: Any) -> None:
        """Keep an output. The notebook is validated as a whole when it is written."""
        if self.left < 0:
            return
        output = nbformat.from_dict({"output_type": kind, **content})
        self.left -= len(str(output))
        if self.left < 0:
            raise _TooMuch
        last = self[-1] if self else None
        if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            self.append(output)


class _Stream:
    """sys.stdout or sys.stderr of a cell."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        if text:
            self._outputs.add("stream", name=self.name, text=str(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False


class _Publisher(DisplayPublisher):
    def publish(self, data: dict, metadata: dict | None = None, **more: Any) -> None:
        """Keep what `display` shows."""
        self.shell.outputs.add("display_data", data=dict(data), metadata=metadata or {})


class _Hook(DisplayHook):
    def __call__(self, result: object = None) -> None:
        """Keep the value of a cell's last line."""
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.update_user_ns(result)
        self.fill_exec_result(result)
        count = self.prompt_count
        self.shell.outputs.add("execute_result", data=data, metadata=metadata, execution_count=count)
        self.shell.displayhook_said = True


class _Shell(InteractiveShell):
    """IPython, whose outputs are a notebook's."""

    outputs: _Outputs

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=str(etype.__name__), evalue=str(evalue), traceback=stb)


_the_shell: _Shell | None = None


def _shell() -> _Shell:
    global _the_shell
    if _the_shell is None:
        _Shell.displayhook_class, _Shell.display_pub_class = _Hook, _Publisher
        config = Config()
        config.HistoryManager.hist_file = ":memory:"
        with tempfile.TemporaryDirectory(prefix="onefunnel-ipython-") as folder:
            _the_shell = _Shell.instance(config=config, ipython_dir=folder)
        _the_shell.outputs = _Outputs()
    return _the_shell


def _run(notebook: bytes, limits: Limits, rang: list[bool]) -> bytes:
    shell = _shell()
    node = nbformat.reads(notebook.decode("utf-8"), as_version=4)
    _forget(shell)
    outputs = shell.outputs
    outputs.left = limits.output_bytes
    for cell in node.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        outputs.clear()
        cell.execution_count = shell.execution_count
        with (
            contextlib.redirect_stdout(_Stream("stdout", outputs)),
            contextlib.redirect_stderr(_Stream("stderr", outputs)),
        ):
            shell.run_cell(cell.source, store_history=True)
        if rang:  # IPython shows whatever is raised in a cell, and goes on
            raise _TooLong
        if outputs.left < 0:
            raise _TooMuch
        cell.outputs = list(outputs)
    node.metadata["language_info"] = _language()
    return nbformat.writes(node).encode("utf-8")


def _forget(shell: _Shell) -> None:
    """Leave nothing of the learner before, without the collection of garbage that IPython's own flush begins with."""
    hook = shell.displayhook
    full, hook.do_full_cache = hook.do_full_cache, False
    shell.reset(new_session=True)
    hook.do_full_cache = full
    hook._ = hook.__ = hook.___ = ""
    shell.execution_count = 1


def _language() -> dict[str, Any]:
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)


@contextlib.contextmanager
def _graded(learner: str, folder: Path) -> Iterator[None]:
    """The surrounding that a lesson finds while it is graded."""
    names = {"NBGRADER_EXECUTION": "autograde", "ONEFUNNEL_GRADED": learner}
    here, before = Path.cwd(), {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[list[bool]]:
    """Ring after so long, and note it in the list. Windows has no such clock; there a worker that hangs is replaced."""
    rang: list[bool] = []
    if not hasattr(signal, "setitimer"):
        yield rang
        return

    def ring(*_: object) -> None:
        rang.append(True)
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield rang
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
