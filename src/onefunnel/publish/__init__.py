"""The playbook as a site: Markdown pages, charts and calculator data, written from the truth and the tables.

`write_pages` writes them. `onefunnel.publish.site.build_site` makes HTML of them; only that module knows mkdocs.
"""

from onefunnel.publish.write import Written, write_pages

__all__ = ["Written", "write_pages"]
