"""Starts a real JupyterLab for a test: own folders, own token, a free port, no news, and nothing left behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

TOKEN = "for-this-test-only"
START_SECONDS = 90
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # every cell is in the page, as axe needs it
}
SELECTED = ".jp-NotebookPanel:not(.lm-mod-hidden)"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    port: int
    folder: Path

    def url(self, notebook: str) -> str:
        """Return the address that opens one notebook of the folder."""
        return f"http://127.0.0.1:{self.port}/lab/tree/{quote(notebook)}?reset&token={TOKEN}"

    def open(self, page, notebook: str) -> None:
        """Open a notebook (it must name its kernel, or a dialogue asks) and wait until the kernel can run it."""
        page.goto(self.url(notebook))
        page.wait_for_selector(f"{SELECTED} .jp-Notebook", timeout=60_000)
        page.wait_for_function("window.jupyterapp && window.jupyterapp.restored.then(() => true)", timeout=60_000)
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )

    def run_all(self, page) -> None:
        """Run all cells and wait until the last one has run."""
        # Counted in the notebook's model: a collapsed cell shows no number in the page.
        page.evaluate(
            """() => { const model = window.jupyterapp.shell.currentWidget.content.model;
                for (const cell of model.cells) if (cell.type === 'code') cell.executionCount = null;
                void window.jupyterapp.commands.execute('notebook:run-all-cells'); }"""
        )
        page.wait_for_function(
            """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
                .every((cell) => cell.type !== 'code' || cell.executionCount !== null)""",
            timeout=120_000,
        )

    def theme(self, page, *, dark: bool) -> None:
        """Switch the theme and wait until it shows."""
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        page.wait_for_selector(
            f"body[data-jp-theme-light={'false' if dark else 'true'}]", state="attached", timeout=20_000
        )


def cell_by_id(page, cell_id: str):
    """Return one cell's output area, found through the notebook's model (collapsed cells show no source)."""
    index = page.evaluate(
        "(id) => window.jupyterapp.shell.currentWidget.content.widgets.findIndex((c) => c.model.id === id)", cell_id
    )
    assert index >= 0, cell_id
    return page.locator(f"{SELECTED} .jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputWrapper")


def serious(page, context: str = ".onefunnel") -> list[str]:
    """What axe calls serious or critical in a part of the page: our boxes, unless another is named."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=context).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def press(page, keys):
    """Press keys one after the other, at the pace of a quick person."""
    for key in keys:
        if key == "wait":
            page.wait_for_timeout(800)
        elif key.startswith("type:"):
            page.keyboard.type(key[5:], delay=15)
        else:
            page.keyboard.press(key)
        page.wait_for_timeout(60)


@contextmanager
def start_lab(folder: Path, own: Path, env: Mapping[str, str] | None = None) -> Iterator[Lab]:
    """Run JupyterLab on `folder`; everything it writes of its own goes under `own`. Ends it at the end.

    `env` adds variables for the server and its kernels.
    """
    port = free_port()
    own.mkdir(parents=True, exist_ok=True)
    settings = own / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}", f"--LabApp.app_settings_dir={settings}", "--LabApp.news_url="]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
    log = own / "lab.log"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            command, cwd=folder, env=_environment(own, env or {}), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        try:
            wait_until_up(server, port, log)
            yield Lab(port, folder)
        finally:
            stop_lab(server, port)


def _environment(own: Path, extra: Mapping[str, str]) -> dict[str, str]:
    folders = {
        "HOME": "home",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "user-settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    for name in folders.values():
        (own / name).mkdir(exist_ok=True)
    return os.environ | {variable: str(own / name) for variable, name in folders.items()} | dict(extra)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(server: subprocess.Popen, port: int, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        if server.poll() is not None:
            break
        try:
            _ask(port, "api/status")
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start within {START_SECONDS} s:\n{log.read_text(encoding='utf-8')[-3000:]}")


def stop_lab(server: subprocess.Popen, port: int) -> None:
    """Ask the server to end, which ends its kernels too; make it end when it does not."""
    if server.poll() is None:
        try:
            _ask(port, "api/shutdown", method="POST")
            server.wait(timeout=15)
        except (urllib.error.URLError, ConnectionError, TimeoutError, subprocess.TimeoutExpired):
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _ask(port: int, path: str, method: str = "GET") -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()
