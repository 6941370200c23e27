"""`ask("E3")`: draws a question with its widget; while grading, the question and the answer that was kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.learn import numbers
from onefunnel.learn.answers import SURE
from onefunnel.learn.check import Said, attempt
from onefunnel.learn.identity import grading
from onefunnel.learn.items import UNSCORED, Item
from onefunnel.learn.reading import no_number, reading_only
from onefunnel.learn.scoring import choices, outcomes
from onefunnel.learn.session import Event, Session, one_line
from onefunnel.learn.show import as_text, first_guess, live, markdown, say
from onefunnel.learn.world import World

if TYPE_CHECKING:
    import ipywidgets as widgets


IN_ORDER = frozenset({"predict", "hotspot", "sort", "matrix"})  # types whose options stand as the author wrote them


@dataclass(frozen=True)
class Context:
    """What a widget may ask while it draws one item. All texts are plain text."""

    item: Item
    world: World

    def options(self, part: str | None = None) -> list[tuple[str, str]]:
        """Return (id, text) of what can be chosen, in the order to show."""
        found = choices.options(self.item, self.world, part)
        return found if self.item.type in IN_ORDER else self._mixed(found, part or "options")

    def rows(self) -> list[tuple[str, str]]:
        """Return (id, text) of the rows, in the order to show."""
        found = choices.rows(self.item, self.world)
        return found if self.item.type in IN_ORDER - {"sort"} else self._mixed(found, "rows")

    def tokens(self) -> list[tuple[str, str]]:
        """Return (id, label) of the tiles that have a number behind them."""
        return [(token["id"], token["label"]) for token in self.item.spec.get("tokens") or ()]

    def places(self) -> list[outcomes.Place]:
        """Return the places of an allocate item."""
        return outcomes.places(self.item, self.world)

    def plan_text(self, plan: dict[str, float]) -> tuple[str, str]:
        """Return (what keeps a plan from being judged, what it brings beside today's); one of them is empty."""
        try:
            worth = outcomes.plan_worth(self.item, outcomes.read_plan(self.item, plan, self.world), self.world)
        except outcomes.Unfinished as problem:
            return str(problem), ""
        return "", f"{outcomes.shown(self.item, worth.plan)}; today's plan {outcomes.written(self.item, worth.today)}."

    def rule_table(self, rule: list[dict[str, Any]]) -> tuple[str, list[tuple[str, list[str]]]]:
        """Return (what keeps a rule from being tried, [(rule in words, what it brings on the learner's book)]).

        The learner's rule comes first, today's after it, where there is one.
        """
        fault, tried = "", []
        try:
            tried = [outcomes.read_rule(self.item, rule)]
        except outcomes.Unfinished as problem:
            fault = str(problem)
        if self.item.spec.get("today"):
            tried.append(outcomes.read_rule(self.item, self.item.spec["today"]))
        return fault, [
            (outcomes.rule_in_words(self.item, r), outcomes.rule_brings(self.item, r, self.world)) for r in tried
        ]

    def value_text(self, at: float) -> str:
        """Return what a target's slider brings about when it stands at `at`, as a sentence."""
        outcome = self.item.spec.get("outcome") or {}
        try:
            call = self.world.call(
                {**outcome, "arguments": {**(outcome.get("arguments") or {}), "at": at / self.item.slider_scale}}
            )
            value = float(self.world.run(call, (self.item.spec.get("value") or {}).get("on")))
        except Exception:  # a slider may stand where the outcome is not defined; the picture must not break
            return f"{outcome.get('label', '')}: not defined here"
        return f"{outcome['label']}: {numbers.show(value, outcome['unit'], outcome.get('decimals'))}"

    def unit_text(self) -> str:
        """Return what stands behind a number box."""
        return numbers.unit_text(self.item.unit)

    def _mixed(self, pairs: list[tuple[str, str]], what: str) -> list[tuple[str, str]]:
        """Mix so that the author's order says nothing; the same for one learner each time."""
        seed = f"{self.world.book.learner_id}/{self.item.qualified}/{self.item.variant}/{what}/"
        return sorted(pairs, key=lambda pair: hashlib.sha256((seed + pair[0]).encode("utf-8")).digest())


class Ask:
    """Draws the questions of one lesson."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @one_line
    def __call__(self, item_id: str) -> None:
        """Draw a question; under NBGRADER_EXECUTION draw "Your answer: …" instead of the widget."""
        item, entry = self._session.current(item_id)
        reason = reading_only(item, self._session.world)
        if reason or grading():
            say(_asked(item), markdown=True)
        if reason:
            say(reason, mark="For reading only.")
            return
        if grading():
            said = as_text(item, entry.answer, self._session.world)
            sure = f"\n({SURE[entry.sure].capitalize()}.)" if entry.sure else ""
            say(said + sure, mark="Your answer:")
            return
        from IPython.display import display

        display(self.question(item_id))

    def question(self, item_id: str) -> widgets.Widget:
        """Return the question, its controls and, where it is right or wrong, a button that checks it on the spot.

        The check cell below stays the one that is graded; the button says the same without a cell being run.
        """
        import ipywidgets as widgets

        box, prompt, said, drawn = widgets.VBox(), widgets.Output(), Said(), None
        button = widgets.Button(description="Check my answer", button_style="primary")

        def draw() -> None:
            nonlocal drawn
            item, entry = self._session.current(item_id)
            if drawn is None or item.variant != drawn.item.variant:  # fresh: after some misses, other numbers or words
                drawn = self._widget(item, entry.answer)
                prompt.outputs = (markdown(_asked(item)),)
                button.tooltip = f"Check my answer: {item.title}"
                checks = [button, said.line] if item.checkable and not self._session.is_test else []
                box.children = [prompt, drawn, *checks]

        def tell(_: object) -> None:
            why = drawn.commit()
            if why:
                said.refuse(why)
                return
            said.tell(*attempt(self._session, item_id))
            draw()
            self._session.judged(item_id, by="ask")

        def hear(event: Event) -> None:
            said.heard(event)
            draw()

        button.on_click(tell)
        draw()
        self._session.follow(item_id, "ask", hear)
        return box

    def _widget(self, item: Item, answer: dict[str, Any] | None) -> widgets.Widget:
        from onefunnel.learn.widgets import item_widget

        def keep(answer: dict[str, Any]) -> None:
            if item.points and self._session.is_test and self._session.answers.finished(item.lesson):
                raise Problem("you have finished this test; its answers stay as they are.")
            if self._session.current(item.id)[0].variant != item.variant:
                raise Problem("there is a fresh version of this question. Run this cell again.")
            self._session.answers.keep(item, answer)
            self._session.kept(item.id)

        nothing_to_check = {"points": 0, "stretch": False} if self._session.is_test else {}
        shown = replace(item, spec={**item.spec, **nothing_to_check})
        drawn = item_widget(shown, answer, keep, Context(item, self._session.world))
        if item.type not in UNSCORED:
            answers = self._session.answers
            drawn.ask_sure(SURE, answers.entry(item).sure, lambda sure: answers.keep_sure(item, sure))
        return drawn

    @one_line
    def end(self) -> None:
        """Draw the end of a test: a button, then the picture by cluster; while grading the picture as text."""
        from onefunnel.learn import exam

        exam.draw_end(self._session)

    @one_line
    def lookback(self, item_id: str) -> None:
        """Show a prediction beside what the tables say: to a learner once there is one, and as it changes."""
        if not live():
            say(self._looked_back(item_id), markdown=True)
            return
        import ipywidgets as widgets
        from IPython.display import display

        box, shown = widgets.VBox(), widgets.Output()

        def draw(_event: Event = "kept") -> None:
            if self._session.current(item_id)[1].answer is None:
                box.children = [widgets.HTML(first_guess(item_id))]
                return
            shown.outputs = (markdown(self._looked_back(item_id)),)
            box.children = [shown]

        draw()
        self._session.follow(item_id, "lookback", draw)
        display(box)

    def _looked_back(self, item_id: str) -> str:
        item, entry = self._session.current(item_id)
        world = self._session.world
        said = as_text(item, entry.answer, world) if entry.answer else "nothing; you skipped the prediction"
        reveal = str(item.spec.get("reveal") or "")
        reason = no_number(item, world)
        if reason:
            reveal = reason
        elif "value" in item.spec:
            reveal = reveal.replace("{value}", world.show(item, world.number(item)))
        return f"**You predicted:** {said}\n\n{reveal}"


def _asked(item: Item) -> str:
    """Return title and question as Markdown."""
    extra = " (for those who want more; no points)" if item.stretch else ""
    return f"**{item.title}**{extra}\n\n{item.prompt}"
