"""One module a kind of page; each has `pages(edition)`, which yields what it writes."""
