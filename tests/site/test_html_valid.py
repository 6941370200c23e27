"""The built pages are well-formed HTML, as the standard's own parsing rules judge it.

html5lib parses as a browser does and names every fault that a browser would silently mend. It knows no content model;
the one rule of that kind that our own markup broke before is tested by hand here.
"""

import html5lib


def test_no_page_has_a_parse_error(site):
    """Every page: no stray quote, unclosed element, doubled attribute or misplaced tag."""
    found = []
    for path in sorted(site.rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        parser = html5lib.HTMLParser()
        parser.parse(source)
        lines = source.split("\n")
        for (line, column), code, _ in parser.errors:
            found.append(f"{path.name}:{line}: {code} near {lines[line - 1][max(0, column - 50) : column + 30]!r}")
    assert found == []


def test_the_parser_names_a_fault_when_there_is_one():
    """A quote inside an attribute, a doubled attribute and a block in a paragraph are each a fault."""
    for broken in ('<meta content="a "b" c">', "<a href=x href=y>k</a>", "<p><div>text</div></p>"):
        parser = html5lib.HTMLParser()
        parser.parse(f"<!doctype html><html><head><title>x</title></head><body>{broken}</body></html>")
        assert parser.errors, broken


def test_a_figure_holds_its_caption_last(soups):
    """A caption may only be the first or the last child of its figure, and what opens stands inside it."""
    figures = [figure for soup in soups.values() for figure in soup.find_all("figure")]
    assert len(figures) > 40
    for figure in figures:
        children = [child.name for child in figure.find_all(recursive=False)]
        assert children.count("figcaption") == 1 and children[-1] == "figcaption", children
        assert "details" not in children


def test_every_column_has_a_name(soups):
    """A head without words leaves a listener guessing what its column holds."""
    heads = [(name, head) for name, soup in soups.items() for head in soup.select("thead th")]
    assert len(heads) > 200
    assert [name for name, head in heads if not head.get_text(strip=True)] == []
