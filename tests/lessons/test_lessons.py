"""What every lesson must keep, run by nbgrader itself: real lessons and the builder's fixtures."""

from __future__ import annotations

import json
import re
import warnings

import pytest

from onefunnel.home import home
from onefunnel.lessons.build import sources


def test_the_first_lessons_are_here():
    """The kit teaches both paths from its first version: one lesson on the pipeline and one on price."""
    found = sources(home().notebooks)
    if not found:
        warnings.warn("THERE IS NO LESSON in notebooks/: only the builder's fixtures are tested", stacklevel=1)
        pytest.skip("there is no lesson in notebooks/")
    assert {"stages", "price"} <= set(found)


@pytest.mark.parametrize("scenario", ["coded", "chosen"])
def test_solution_earns_every_point(course, slug, scenario):
    """The solution in code, and the solution without any code, each earn every point that is given automatically."""
    run = course.graded(slug, scenario)
    automatic = {name: most for name, most in run.most.items() if not re.search(r"-W\d[a-z]?$", name)}
    assert automatic, "nothing is graded"
    lost = {name: (run.scores[name], most) for name, most in automatic.items() if run.scores[name] != most}
    assert not lost, f"{lost}\n{run.errors}"


def test_untouched_release_earns_nothing_and_says_not_yet(course, slug):
    """Handed in as released, a lesson earns nothing, and nothing worse happens than “not yet”."""
    run = course.graded(slug, "untouched")
    assert all(not score for score in run.scores.values()), run.scores
    assert {kind for _, kind, _ in run.errors} <= {"NotYet", "NotImplementedError"}, run.errors


def test_grading_shows_what_was_answered(course, slug):
    """Formgrader and feedback show every answer as plain HTML, without a widget."""
    run = course.graded(slug, "chosen")
    for cell in run.notebook.cells:
        if any(tag.startswith("ask:") for tag in cell.metadata.get("tags", [])):
            shown = json.dumps(cell.outputs, ensure_ascii=False)
            assert "Your answer:" in shown and "jupyter.widget-view" not in shown, cell.id


def test_release_holds_no_solution_in_clear(course, slug, solutions):
    """What learners get has no key, no misconception mark, no line of a solution and no hidden test."""
    folder = course.released(slug)
    notebook = (folder / f"{slug}.ipynb").read_text(encoding="utf-8")
    questions = json.loads((folder / f"{slug}.items.json").read_text(encoding="utf-8"))["items"]
    assert "HIDDEN TESTS" not in notebook and "check.hidden" not in notebook and "BEGIN SOLUTION" not in notebook
    for name, entry in solutions(slug).items():
        for line in entry.get("code", "").splitlines():
            assert len(line.strip()) < 8 or json.dumps(line.strip())[1:-1] not in notebook, f"{name}: {line}"
        shown = json.dumps(questions.get(name, {}), ensure_ascii=False)
        for key in [entry.get("solution"), *entry.get("variants", [])]:
            for value in (key or {}).values():
                assert json.dumps(key, ensure_ascii=False) not in shown, name
                assert not isinstance(value, list) or json.dumps(value, ensure_ascii=False) not in shown, name
    for name, question in questions.items():
        fields = set(question).union(*(set(one) for one in question.get("variants", [])))
        assert not fields & {"solution", "wrong_rows", "wrong_pairs", "wrong_formulas"}, name
        assert '"misconception"' not in json.dumps(question), name
    assert sorted(path.name for path in folder.iterdir()) == [f"{slug}.ipynb", f"{slug}.items.json"]


def test_every_figure_has_alternative_text(course, real_slug):
    """Whoever cannot see a figure is told what it says; no picture is sent without a text beside it."""
    run = course.learned(real_slug)
    assert not run.errors
    pictures = 0
    for cell in run.notebook.cells:
        for output in cell.get("outputs", []):
            content, about = output.get("data", {}), output.get("metadata", {})
            if "image/png" in content or "image/svg+xml" in content:
                pictures += 1
                kinds = [about.get(kind, {}) for kind in ("image/png", "image/svg+xml")]
                assert any(kind.get("alt") for kind in kinds), f"{cell.id}: a picture without alternative text"
            pictures += _described(content.get("text/html", ""), cell.id)
    states = (
        run.notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    )
    for model in states.values():
        for value in model.get("state", {}).values():
            pictures += _described(value if isinstance(value, str) else "", model.get("model_name"))
    explores = any(tag.startswith("widget:") for cell in run.notebook.cells for tag in cell.metadata.get("tags", []))
    assert pictures or not explores, "the explorations draw nothing"


def _described(html, where):
    """Count the pictures in a piece of HTML; each must carry words."""
    html = "".join(html) if isinstance(html, list) else html
    images = re.findall(r"<img\b[^>]*>", html)
    drawings = re.findall(r"<svg\b[^>]*>.{0,400}", html, re.DOTALL)
    for one in images:
        assert re.search(r'\balt="[^"]+"', one), f"{where}: {one[:120]}"
    for one in drawings:
        opening = one[: one.index(">") + 1]
        told = re.search(r'aria-label="[^"]+"|aria-labelledby=|aria-hidden="true"', opening) or "<title" in one
        assert told, f"{where}: {opening[:160]}"
    return len(images) + len(drawings)
