"""What a page is, and the edition of the truth that pages are written from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onefunnel.errors import Problem
from onefunnel.metrics import catalogue
from onefunnel.publish import text
from onefunnel.publish.numbers import number

if TYPE_CHECKING:
    from pathlib import Path

    from onefunnel.data import Tables
    from onefunnel.playbook import Metric, Playbook, Role, Step, Term
    from onefunnel.playbook.mix import MixPart
    from onefunnel.playbook.plays import Play
    from onefunnel.publish.values import Values


NOT_HELD = "not in these tables"


@dataclass(frozen=True)
class Page:
    """One Markdown page. `path` is relative to the pages folder; `body` may hold tokens and `site:` links."""

    path: str
    title: str
    body: str
    description: str = ""
    tags: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    nav_title: str = ""
    heading: str = ""  # the visible heading, where it is longer than the title; "-" for none
    written_in: str = ""  # the file a person wrote it in, and the line its body starts at, for error messages
    from_line: int = 1
    boost: int = 1  # how much the search prefers it; a step comes before pages that only mention it
    sample_only: bool = False  # about made-up tables: not for a company with its own

    @property
    def address(self) -> str:
        """The page's name in `site:` links and in `{{ page.… }}` tokens: its path without .md and /index."""
        return self.path.removesuffix(".md").removesuffix("/index")

    def source(self) -> str:
        """Return the Markdown with its front matter (JSON strings are YAML strings)."""
        front: dict[str, Any] = {"title": self.title}
        if self.description:
            front["description"] = " ".join(self.description.split())
        if self.tags:
            front["tags"] = list(self.tags)
        if self.boost > 1:
            front["search"] = {"boost": self.boost}
        if self.hide:
            front["hide"] = list(self.hide)
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
        heading = "" if self.heading == "-" else f"# {text.plain(self.heading or self.title)}\n\n"
        return "---\n" + "\n".join(lines) + f"\n---\n\n{heading}{self.body.strip()}\n"


@dataclass(frozen=True)
class Edition:
    """One playbook with one company's tables: everything that pages are written from."""

    playbook: Playbook
    tables: Tables
    values: Values
    hand_written: Path | None = None
    chart_cache: Path | None = None
    lessons: tuple[dict[str, Any], ...] = ()  # records of onefunnel.lessons.catalogue

    # --- links -------------------------------------------------------------------------------------------------

    def step(self, step: Step | str) -> str:
        """A Markdown link to a step's page."""
        found = self.playbook.step(step) if isinstance(step, str) else step
        return f"[{text.plain(found.name)}](site:steps/{found.id})"

    def role(self, role: Role | str) -> str:
        """A Markdown link to a role's page."""
        found = self.playbook.role(role) if isinstance(role, str) else role
        return f"[{text.plain(text.capital(found.name))}](site:roles/{found.id})"

    def metric(self, metric: Metric | str) -> str:
        """A Markdown link to a metric's page."""
        found = self.playbook.metric(metric) if isinstance(metric, str) else metric
        return f"[{text.plain(found.name)}](site:metrics/{found.id})"

    def term(self, term: Term | str) -> str:
        """A Markdown link to a word in the glossary."""
        found = self.playbook.term(term) if isinstance(term, str) else term
        return f"[{text.plain(found.name)}](site:glossary#{found.id})"

    def play(self, play: Play | str) -> str:
        """A Markdown link to a play's page."""
        found = self.playbook.play(play) if isinstance(play, str) else play
        return f"[{text.plain(found.name)}](site:plays/{found.id})"

    def part(self, part: MixPart | str) -> str:
        """A Markdown link to the page of a part of the mix."""
        found = self.playbook.part(part) if isinstance(part, str) else part
        return f"[{text.plain(found.name)}](site:mix/{found.id})"

    def evidence(self, evidence_id: str) -> str:
        """A Markdown link to an evidence card."""
        found = self.playbook.card(evidence_id)
        return f"[{text.plain(found.claim)}](site:evidence#{found.id}) (grade {found.grade})"

    def function(self, function_id: str) -> str:
        """A function's name as a small coloured label (the colour only repeats the word)."""
        name = {one.id: one.name for one in self.playbook.company.functions}[function_id]
        return f'<span class="of-function of-function--{function_id}">{text.attribute(name)}</span>'

    def tags(self, function_id: str, *phase_ids: str) -> tuple[str, ...]:
        """The tags of a page: the phases and the function that it belongs to, by name."""
        functions = {one.id: one.name for one in self.playbook.company.functions}
        names = [*(self.phase_name(one) for one in phase_ids), functions[function_id]]
        return tuple(dict.fromkeys(text.capital(name) for name in names))

    def phase_name(self, phase_id: str) -> str:
        """A phase's name."""
        return {one.id: one.name for one in self.playbook.company.phases}[phase_id]

    # --- numbers -----------------------------------------------------------------------------------------------

    def value(self, metric: Metric, **overrides: Any) -> float:
        """The metric of the company's tables, with some of its arguments replaced if need be; NaN if there is none."""
        return self.values.call(metric.compute, metric.inputs, {**metric.arguments, **overrides})

    def figure(self, metric: Metric, **overrides: Any) -> str:
        """The metric's value as people write it, or that the tables do not hold what it needs."""
        value = self.value(metric, **overrides)
        if math.isnan(value) and self.reason(metric, **overrides):
            return NOT_HELD
        return self.say(value, metric.unit)

    def reason(self, metric: Metric, **overrides: Any) -> str:
        """Why there is no figure, for readers, such as “This number needs campaigns.spend_eur. …”; "" if there is."""
        return catalogue.reason(metric, self.tables, self.playbook, **overrides)

    def trap_values(self, metric: Metric) -> dict[str, float]:
        """What each trap of the metric would have said."""
        return {trap.id: self.values.call(trap.wrong, metric.inputs, metric.arguments) for trap in metric.traps}

    def say(self, value: float, unit: str) -> str:
        """A number as people write it, with the company's currency."""
        return number(value, unit, self.playbook.company.currency.symbol)

    # --- tokens ------------------------------------------------------------------------------------------------

    def token(self, name: str) -> str:
        """Return the value of a token such as `company.name`, `step.trial.name` or `metric.win_rate.value`.

        Raises Problem with near matches for a name that stands for nothing.
        """
        kind, _, rest = name.partition(".")
        playbook = self.playbook
        if name == "as_of":
            return self.as_of
        if kind == "company":
            return _words(playbook.company, rest, name)
        lookup: dict[str, Callable[[str], Any]] = {
            "step": playbook.step,
            "role": playbook.role,
            "metric": playbook.metric,
            "term": playbook.term,
            "play": playbook.play,
        }
        if kind in lookup:
            thing_id, _, attribute = rest.partition(".")
            thing = lookup[kind](thing_id)
            if kind == "metric" and attribute == "value":
                return self.figure(thing)
            return _words(thing, attribute, name)
        hint = text.near(kind, [*lookup, "company", "as_of", "page"])
        raise Problem(f"the token {{{{ {name} }}}} stands for nothing. {hint}".strip())

    @property
    def as_of(self) -> str:
        """The day up to which the tables tell, such as “15 May 2026”."""
        day = self.tables.as_of
        return f"{day.day} {day:%B %Y}"


def _words(thing: Any, path: str, token: str) -> str:
    """Return the text at a dotted path of the playbook's models, such as `links.ask` of the company."""
    for attribute in path.split("."):
        fields = getattr(type(thing), "model_fields", {})
        if attribute not in fields:
            known = ", ".join(key for key in fields if isinstance(getattr(thing, key), str))
            raise Problem(f"the token {{{{ {token} }}}} stands for nothing. Known here: {known or 'nothing more'}.")
        thing = getattr(thing, attribute)
    if not isinstance(thing, str):
        raise Problem(f"the token {{{{ {token} }}}} stands for a list or a number, not for words. Name a part of it.")
    return text.plain(thing)
