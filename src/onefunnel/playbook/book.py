"""The whole playbook in memory, with lookups that name the near match when an id is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from pydantic import PrivateAttr

from onefunnel.errors import Problem
from onefunnel.playbook.base import Model
from onefunnel.playbook.company import Calendar, ClockRules, Company
from onefunnel.playbook.findings import near
from onefunnel.playbook.funnel import Decision, Role, Step
from onefunnel.playbook.knowledge import Article, Evidence, Idea, Named, Skill, Term
from onefunnel.playbook.maturity import Maturity
from onefunnel.playbook.mix import MixPart
from onefunnel.playbook.numbers import Metric
from onefunnel.playbook.paths import LearningPath
from onefunnel.playbook.plays import Play

Entry = TypeVar("Entry")


class Playbook(Model):
    """Everything in `playbooks/`, checked. Frozen; made by `load()`."""

    company: Company
    steps: tuple[Step, ...]
    metrics: tuple[Metric, ...]
    roles: tuple[Role, ...]
    decisions: tuple[Decision, ...]
    mix: tuple[MixPart, ...]  # empty without mix.yml
    maturity: Maturity | None  # None without maturity.yml
    glossary: tuple[Term, ...]
    evidence: tuple[Evidence, ...]
    ideas: tuple[Idea, ...]
    articles: tuple[Article, ...]
    skills: tuple[Skill, ...]
    clusters: tuple[Named, ...]
    paths: tuple[LearningPath, ...]
    plays: tuple[Play, ...]
    reviews: dict[str, date]  # file, such as funnel.yml → the day by which somebody reads it again
    play_texts: dict[str, tuple[int, str]]  # id of a play → the line its text begins on, and the text
    _index: dict[str, dict[Any, Any]] = PrivateAttr(default_factory=dict)

    def step(self, step_id: str) -> Step:
        """Return the step of that id; Problem with the near match if there is none."""
        return self._find("step", step_id, self.steps)

    def metric(self, metric_id: str) -> Metric:
        """Return the metric of that id."""
        return self._find("metric", metric_id, self.metrics)

    def role(self, role_id: str) -> Role:
        """Return the role of that id."""
        return self._find("role", role_id, self.roles)

    def term(self, term_id: str) -> Term:
        """Return the glossary term of that id."""
        return self._find("term", term_id, self.glossary)

    def card(self, evidence_id: str) -> Evidence:
        """Return the evidence card of that id."""
        return self._find("evidence card", evidence_id, self.evidence)

    def article(self, article_id: str) -> Article:
        """Return the article of that id."""
        return self._find("article", article_id, self.articles)

    def skill(self, skill_id: str) -> Skill:
        """Return the skill of that id."""
        return self._find("skill", skill_id, self.skills)

    def play(self, play_id: str) -> Play:
        """Return the play of that id."""
        return self._find("play", play_id, self.plays)

    def part(self, part_id: str) -> MixPart:
        """Return the part of the mix of that id."""
        return self._find("part of the mix", part_id, self.mix)

    def path(self, path_id: str) -> LearningPath:
        """Return the learning path of that id."""
        return self._find("path", path_id, self.paths)

    def idea(self, number: int) -> Idea:
        """Return the idea of that number (1 to 94)."""
        return self._find("idea", number, self.ideas, key="number")

    @property
    def calendar(self) -> Calendar:
        """The one business calendar."""
        return self.company.calendar

    @property
    def clock(self) -> ClockRules:
        """The one set of clock rules."""
        return self.company.clock

    @property
    def step_ids(self) -> tuple[str, ...]:
        """The ids of the steps, in order."""
        return tuple(step.id for step in self.steps)

    @property
    def crm_probability(self) -> dict[str, float]:
        """Step id → the CRM's default chance of winning, for the steps that have one."""
        return {step.id: step.crm_probability for step in self.steps if step.crm_probability is not None}

    def steps_of(self, role_id: str) -> tuple[Step, ...]:
        """Return the steps that a role is accountable for (on key accounts included), in order."""
        return tuple(s for s in self.steps if role_id in (s.accountable.role, s.accountable.on_key_accounts))

    def plays_of(self, step_id: str) -> tuple[Play, ...]:
        """Return the plays that help in a step: those that name it."""
        return tuple(play for play in self.plays if step_id in play.steps)

    def metrics_of(self, role_id: str) -> tuple[Metric, ...]:
        """Return the metrics that a role owns."""
        return tuple(metric for metric in self.metrics if metric.owner == role_id)

    def _find(self, kind: str, wanted: Any, entries: Iterable[Entry], key: str = "id") -> Entry:
        index = self._index.setdefault(kind, {getattr(one, key): one for one in entries})
        if wanted in index:
            return index[wanted]
        match = near(str(wanted), map(str, index))
        hint = f'Did you mean "{match}"?' if match else "There are: " + ", ".join(map(str, index)) + "."
        raise Problem(f'the playbook has no {kind} "{wanted}". {hint}')
