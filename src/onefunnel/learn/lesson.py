"""Opening a lesson: `ask, check, book, company, explore = open_lesson("stages")`, every notebook's first cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from onefunnel.learn import exam, forms, identity, recall
from onefunnel.learn.answers import Answers
from onefunnel.learn.ask import Ask
from onefunnel.learn.check import Check
from onefunnel.learn.errors import NotYet
from onefunnel.learn.items import load_items
from onefunnel.learn.session import Session, one_line
from onefunnel.learn.show import as_html, first_guess, say
from onefunnel.learn.world import World

YOUR_BOOK = "Its customers are your book: your numbers come from it, so a colleague's differ."

if TYPE_CHECKING:
    import ipywidgets as widgets

    from onefunnel.data import Book, Tables


class Opened(NamedTuple):
    """The five names of a lesson's first cell."""

    ask: Ask
    check: Check
    book: Book
    company: Tables
    explore: Explore


class Explore:
    """Draws a lesson's exploration widgets, once the first prediction is made."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @one_line
    def __call__(self, name: str) -> None:
        """Draw a widget by name; while grading, a line that says there is nothing to grade here."""
        if identity.grading():
            say("Here the learner explores with a widget. Nothing in it is graded.")
            return
        import ipywidgets as widgets
        from IPython.display import display

        box = widgets.VBox()

        def draw() -> None:
            box.children = [explored(name, self._session.world)]

        first = next((item.id for item in self._session.items.values() if item.type == "predict"), None)
        if first and self._session.answers.entry(self._session.items[first]).answer is None:
            box.children = [widgets.HTML(first_guess(first))]
            self._session.waiting[first].append(draw)
        else:
            draw()
        display(box)


def explored(name: str, world: World) -> widgets.Widget:
    """Return an exploration, or a line in its place where imported tables cannot fill it."""
    import ipywidgets as widgets

    from onefunnel.learn.widgets import explore_widget

    try:
        return explore_widget(name, world)
    except Exception:
        if not world.company.lacking:
            raise
        lacking = ", ".join(sorted(one for one in world.company.lacking if "." not in one))
        return widgets.HTML(
            as_html(f"Your tables cannot fill it. They hold nothing for: {lacking}.", "No exploration.")
        )


@one_line
def open_lesson(slug: str) -> Opened:
    """Open lesson `slug` in the notebook's folder (the working directory) for the learner whose notebook it is.

    Returns (ask, check, book, company, explore): `book` is the learner's Book, `company` the Tables without T00.
    Asks for the learner id when there is none yet. Raises a one-line error that says what to do.
    """
    from onefunnel import data, playbook

    folder = Path.cwd()
    items = load_items(folder / f"{slug}.items.json")
    learner = identity.who(folder)
    if learner is None:
        _ask_who(folder)
    answers = Answers.load(folder, learner)
    world = World.of(data.load(), playbook.load(), learner)
    session = Session(items, world, answers)
    if items.kind == forms.RETEST and not identity.grading():
        exam.wait_for_the_day(folder.parent, items, answers, world)
    say(f"You work as {learner} on territory {world.book.territory_id}. {YOUR_BOOK} {answers.note}".strip())
    if items.kind == "lesson" and not identity.grading():
        recall.show_warm_up(folder, slug, world)
    mine = data.Book(_copy(world.book), learner, world.book.territory_id, world.book.draw)
    return Opened(Ask(session), Check(session), mine, _copy(world.company), Explore(session))


def _copy(tables: Tables) -> Tables:
    """Return the learner's own copy: a table changed in a cell (dropna in place) must not change what is right."""
    return tables.changed(lambda _, frame: frame.copy())


def _ask_who(folder: Path) -> None:
    """Show the box for the id and stop the cell. Nobody is there to type while nbgrader runs the notebook."""
    from IPython import get_ipython
    from IPython.display import display

    if identity.grading() or get_ipython() is None:
        raise NotYet(
            "no learner id. Open the notebook in JupyterLab and type your id into the first cell "
            f"({identity.FILE} keeps it)."
        )
    display(identity.id_box(folder))
    raise NotYet("type your id, press Enter, then run this cell again.")
