"""Build or serve the playbook's site.

mkdocs runs in this process with strict checks, so any warning is a failure. (Called from a shell, `mkdocs build
--strict -q` would hide broken links and still exit with 0; here nothing can be left out by a flag.)
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem
from onefunnel.home import folders, home
from onefunnel.publish import zensical

EXAMPLE = "python kit.py site build --to build/site\n  python kit.py site build --with zensical --to build/zensical"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `site build` and `site serve`."""
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = verbs.add_parser("build", help="write the site into a folder that opens without a server")
    build.add_argument("--to", type=Path, metavar="DIR", help="where the site goes (default: build/site)")
    build.add_argument(
        "--with", dest="builder", choices=("mkdocs", "zensical"), default="mkdocs", help="what builds (default: mkdocs)"
    )
    folders(build)
    serve = verbs.add_parser("serve", help="show the site and follow every edit")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")


def run(args: argparse.Namespace) -> int:
    """Run the verb; 0 when the site is built, or when serving was stopped by the user."""
    if args.action == "serve":
        serve(args.port)
        return 0
    site = build_site(args.to, data=args.data, playbooks=args.playbooks, builder=args.builder)
    pages = sum(1 for _ in site.rglob("*.html"))
    print(f"The site is built: {pages} pages.\nOpen {site / 'index.html'}")
    return 0


def build_site(
    to: Path | None = None, data: Path | None = None, playbooks: Path | None = None, builder: str = "mkdocs"
) -> Path:
    """Build the whole site into `to` (default: the kit's build/site) and return that folder.

    The pages are written from `playbooks` (default: the kit's own) and `data` (default: what its company.yml names).
    What `to` held before is replaced, so a folder that holds anything but an earlier site is refused. Raises Problem
    for a wrong playbook or wrong tables, and for every warning of the builder (mkdocs, or zensical if installed).
    """
    to = (to or home().build / "site").resolve()
    if to.exists() and (not to.is_dir() or (any(to.iterdir()) and not (to / "sitemap.xml").is_file())):
        raise Problem(f"{to} holds something else than a site. Choose an empty folder with --to.")
    if builder == "zensical":
        with _pages_folder(data, playbooks) as pages:
            zensical.build(_checkout(), pages, to, playbooks, data)
        return to
    with _pages_folder(data, playbooks) as pages, _Warnings() as warnings:
        _mkdocs_build(_config(to, pages, data, playbooks), warnings)
    return to


@contextmanager
def _pages_folder(data: Path | None, playbooks: Path | None) -> Iterator[Path]:
    """Where the pages go: the kit's own folder, which keeps what has not changed, or a passing one for a visitor."""
    if data or playbooks:
        with tempfile.TemporaryDirectory(prefix="onefunnel-pages-") as folder:
            yield Path(folder).resolve() / "pages"
    else:
        yield home().build / "pages"


def serve(port: int) -> None:
    """Serve the site on this machine and rebuild it after every edit, until the user stops it."""
    kit = _checkout()
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.commands.serve import serve as mkdocs_serve

    print(f"Serving on http://127.0.0.1:{port}/ Stop it with Ctrl+C.")
    mkdocs_serve(str(kit / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}")


def _config(to: Path, pages: Path, data: Path | None, playbooks: Path | None) -> Any:
    """Return mkdocs' configuration; the folders go to site/hooks.py through `extra`."""
    kit = _checkout()
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # a notice on a later mkdocs, which the pinned one does not concern
    from mkdocs.config import load_config

    pages.mkdir(parents=True, exist_ok=True)  # mkdocs asks for the folder before any hook may write it
    config = load_config(str(kit / "mkdocs.yml"), site_dir=str(to), docs_dir=str(pages), strict=True)
    folders = {"playbooks": playbooks and playbooks.resolve(), "data": data and data.resolve()}
    config.extra["onefunnel"] = {name: folder for name, folder in folders.items() if folder}
    return config


def _mkdocs_build(config: Any, warnings: _Warnings) -> None:
    from mkdocs.commands.build import build
    from mkdocs.exceptions import Abort, BuildError, ConfigurationError

    try:
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except (Abort, BuildError, ConfigurationError) as error:
        told = "\n".join(f"  {one}" for one in warnings.messages) or f"  {error}"
        raise Problem(f"mkdocs stopped because of:\n{told}\nMend these and build again.") from error
    finally:
        config.plugins.on_shutdown()


def _checkout() -> Path:
    root = home().root
    if not (root / "mkdocs.yml").is_file():
        raise Problem(f"{root} has no mkdocs.yml. The site is built from a checkout of the kit.")
    return root


class _Warnings(logging.Handler):
    """Collects what mkdocs warns of, and keeps its chatter off the user's screen."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one warning."""
        self.messages.append(record.getMessage())

    def __enter__(self) -> _Warnings:
        """Start collecting."""
        logger = logging.getLogger("mkdocs")
        self._before = logger.propagate
        logger.addHandler(self)
        logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        """Stop collecting and leave the logger as it was."""
        logger = logging.getLogger("mkdocs")
        logger.removeHandler(self)
        logger.propagate = self._before
