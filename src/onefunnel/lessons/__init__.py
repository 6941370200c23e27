"""The authoring dialect: a lesson's Markdown source in, an ordinary nbgrader notebook out (notebooks/README.md)."""
