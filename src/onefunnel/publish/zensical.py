"""Build the same pages with Zensical, the successor of the builder that mkdocs.yml is made for.

Zensical reads mkdocs.yml but no hooks: so the pages are written first, and what the hook would have set (the
navigation, the name, the folders) goes into a small configuration of its own that inherits the rest.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

from onefunnel.errors import Problem
from onefunnel.publish.write import write_pages

CONFIG, BUILT = "zensical.yml", "zensical-built"


def build(kit: Path, pages: Path, to: Path, playbooks: Path | None = None, data: Path | None = None) -> None:
    """Write the pages into `pages` and build them into `to`. `kit` is the checkout that holds mkdocs.yml.

    The configuration stands beside the pages' folder. Raises Problem where Zensical is missing or finds a fault.
    """
    if importlib.util.find_spec("zensical") is None:
        raise Problem("Zensical is not installed. Run `python -m pip install zensical` in the kit's environment.")
    written = write_pages(pages, playbooks, data)
    config = pages.parent / CONFIG
    settings = {
        "INHERIT": str(kit / "mkdocs.yml"),
        "docs_dir": pages.name,
        "site_dir": BUILT,  # Zensical writes below its configuration only
        "site_name": written.site_name,
        "copyright": written.copyright,
        "nav": written.nav,
    }
    # JSON is YAML, and needs no rules of quoting.
    config.write_text(json.dumps(settings, indent=1, ensure_ascii=False), encoding="utf-8", newline="\n")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    built = pages.parent / BUILT
    if done.returncode or not (built / "index.html").is_file():
        raise Problem(f"Zensical stopped because of:\n{done.stdout}{done.stderr}\nMend these and build again.")
    shutil.rmtree(to, ignore_errors=True)
    shutil.move(built, to)
