"""The end of a test: where the learner stands, by cluster, and which lessons teach it. No percentages of two items."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from onefunnel.learn import forms, homepage, progress, recall, skills_map
from onefunnel.learn.errors import NotYet, StillOpen
from onefunnel.learn.identity import grading
from onefunnel.learn.scoring import score
from onefunnel.learn.show import markdown, say

if TYPE_CHECKING:
    from onefunnel.learn.answers import Answers
    from onefunnel.learn.items import Items
    from onefunnel.learn.session import Session
    from onefunnel.learn.world import World

STRONG, AGAIN = "strong", "check again"


def wait_for_the_day(workspace: Path, items: Items, answers: Answers, world: World) -> None:
    """Stop a retest that is opened too early, unless it was begun already. Raises NotYet with the day."""
    if any(answers.entry(item).answer for item in items.values()):
        return
    opens = forms.opens_on(recall.finished_on(progress.standings(workspace, world).values()))
    if opens and forms.today() < opens:
        raise NotYet(f"this test opens on {opens:%d %B %Y}, three weeks after your last lesson.")


def clusters(session: Session) -> dict[str, str]:
    """Return {cluster id: "strong" when all its questions are right, else "check again"}, in the playbook's order."""
    playbook, right = session.world.playbook, {}
    for name in session.items:
        item, entry = session.current(name)
        if item.skill is None:
            continue
        found = score(item, entry.answer, session.world).status == "right"
        cluster = playbook.skill(item.skill).cluster
        right[cluster] = right.get(cluster, True) and found
    return {one.id: STRONG if right[one.id] else AGAIN for one in playbook.clusters if one.id in right}


def picture(session: Session, taught: Mapping[str, list[str]]) -> str:
    """Return the picture by cluster as Markdown; `taught` gives links to lessons by cluster."""
    names = {one.id: one.name for one in session.world.playbook.clusters}
    lines = ["## Where you stand", "", "| Cluster | You | You meet it in |", "|---|---|---|"]
    for cluster, state in clusters(session).items():
        lines.append(f"| {names[cluster]} | {state} | {', '.join(taught.get(cluster, [])) or '–'} |")
    note = "Two questions cannot say more than that. Your answers are kept as they are now."
    return "\n".join([*lines, "", note])


def taught_in(workspace: Path, world: World) -> dict[str, list[str]]:
    """Return links to the lessons of a workspace by the cluster that their exercises belong to."""
    found: dict[str, list[str]] = {}
    for one in progress.standings(workspace, world).values():
        if one.items.kind != "lesson":
            continue
        for cluster in {world.playbook.skill(item.skill).cluster for item in one.counted if item.skill}:
            found.setdefault(cluster, []).append(homepage.link(one, "../"))
    return found


def draw_end(session: Session) -> None:
    """Draw the button that ends the test, or the picture once it was pressed; while grading the picture alone."""
    if grading():
        say(picture(session, {}), markdown=True)
        return
    import ipywidgets as widgets
    from IPython.display import display

    from onefunnel.learn.widgets.finish import Finish

    shown = widgets.Output()

    def show() -> None:
        workspace = session.answers.folder.parent
        text = picture(session, taught_in(workspace, session.world))
        if session.items.kind == forms.RETEST:
            found = homepage.within_reach(workspace, session.world)
            said = skills_map.own_view(session.answers.folder, session.world.playbook)
            text += "\n\n" + homepage.skills_table(found, session.world.playbook, said)
        shown.outputs = (markdown(text),)

    def finish(with_open_ones: bool) -> None:
        still_open = what_is_open(session)
        if still_open and not with_open_ones:
            raise StillOpen(still_open)
        session.answers.finish(session.items.lesson)
        show()

    if session.answers.finished(session.items.lesson):
        show()
        display(shown)
    else:
        display(Finish(finish), shown)


def what_is_open(session: Session) -> str:
    """Name the open questions and say what becomes of them; empty where there are none."""
    names = [name for name in session.items if _open(session, name)]
    counted = [f"“{session.items[name].title}”" for name in names if session.items[name].points]
    others = [f"“{session.items[name].title}”" for name in names if not session.items[name].points]
    said = []
    if counted:
        said.append(f"Still open: {', '.join(counted)}. What you leave open counts as not known.")
    if others:
        said.append(f"Open, and not counted: {', '.join(others)}.")
    return " ".join(said)


def _open(session: Session, name: str) -> bool:
    item, entry = session.current(name)
    return score(item, entry.answer, session.world).status == "unanswered"
