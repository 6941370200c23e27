"""What mkdocs calls while it builds: write the pages first, and let search work without a server."""

from pathlib import Path

from onefunnel.publish import write_pages


def on_config(config):  # noqa: ANN001, ANN201  (mkdocs calls it by name)
    """Write all pages from the truth, and set the navigation that follows from it."""
    folders = config.extra.get("onefunnel", {})
    written = write_pages(Path(config.docs_dir), **folders)
    config.nav = written.nav
    config.site_name = written.site_name
    config.copyright = written.copyright
    return config


def on_post_build(config) -> None:  # noqa: ANN001
    """Write the search index as a script too: a page opened from a folder may run a script, but not fetch a file."""
    search = Path(config.site_dir, "search")
    index = (search / "search_index.json").read_text(encoding="utf-8")
    (search / "search_index.js").write_text(f"var __index = {index}", encoding="utf-8", newline="\n")
