"""Step 2: run a submission's notebooks. Bytes in, executed notebooks out; no gradebook in sight.

A pure function of its `Work`: it may run in this process, in another one or on another machine.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from onefunnel.grading.confined import confined
from onefunnel.grading.forking.box import Address
from onefunnel.grading.settings import Limits
from onefunnel.grading.work import Executed, Work, run_folder, write_files


def execute(
    work: Work,
    limits: Limits,
    executor: type[Execute],
    config: Config,
    server: Address | None,
    require_box: bool = False,
) -> Executed:
    """Run the notebooks one after another, each in a kernel and a copy of the folder of its own.

    `server` forks the kernels of this Python; any other, and all without a server, are started afresh, in the open, or
    not at all with `require_box`. Files that a run writes are not kept.
    Never raises for what the learner's code does; ServerLost when the fork server went away.
    """
    done = Executed("done", {}, "", 0.0)
    for name, notebook in work.notebooks.items():
        left = max(1.0, limits.wall_seconds - done.seconds)
        one = _run(work, name, notebook, replace(limits, wall_seconds=left), executor, config, server, require_box)
        done = replace(
            one,
            notebooks={**done.notebooks, **one.notebooks},
            ran="unboxed" if "unboxed" in (done.ran, one.ran) else one.ran or done.ran,
            seconds=done.seconds + one.seconds,
            slow_cells=done.slow_cells + one.slow_cells,
            peak_bytes=max(done.peak_bytes, one.peak_bytes),
            cpu_seconds=done.cpu_seconds + one.cpu_seconds,
        )
        if done.status != "done":
            break
    return done


def _run(
    work: Work,
    name: str,
    notebook: bytes,
    limits: Limits,
    executor: type[Execute],
    config: Config,
    server: Address | None,
    require_box: bool,
) -> Executed:
    place = Path(tempfile.mkdtemp(prefix="onefunnel-run-", dir=server.root if server else None))
    run = None
    try:
        folder = run_folder(place, work)
        write_files(folder, work.files)
        node = nbformat.reads(notebook.decode("utf-8"), as_version=4)
        run = confined(executor)(config=Config(config), log=_SILENT)
        run.confine(place, work.learner, limits, server, require_box)
        status, detail, done = "done", "", {}
        try:
            node, _ = run.preprocess(node, {"metadata": {"path": str(folder)}})
        except Exception as error:  # a kernel can die in the middle of any message
            status, detail = run.what_happened(error)
        if run.ended_by:  # killed while its last cell was already done
            status, detail = run.ended_by, run.why
        if status == "done":
            done = {name: nbformat.writes(node).encode("utf-8")}
        used = run.used()
        return Executed(
            status,
            done,
            run.ran,
            time.monotonic() - run.began if run.began else 0.0,
            run.slow_cells,
            used.get("peak_bytes", 0),
            used.get("cpu_seconds", 0.0),
            detail,
        )
    finally:
        if run is not None:
            run.end()
        shutil.rmtree(place, ignore_errors=True)


_SILENT = logging.Logger("onefunnel.grading.execute")
_SILENT.addHandler(logging.NullHandler())
