"""glossary.yml, evidence.yml, ideas.yml and skills.yml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from onefunnel.playbook.base import Id, Model, Named, PlaybookFile, Words

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Term(Model):
    """One word and its one meaning."""

    id: Id
    name: Words
    abbreviation: Words | None = Field(None, description="Such as MQL; the site shows the definition on it.")
    aliases: tuple[Words, ...] = Field((), description="Other words for the same thing.")
    definition: Words = Field(description="One sentence; it is shown as a tooltip.")
    marketing_says: Words | None = Field(None, description="What marketing means by it, where the two differ.")
    sales_hears: Words | None = Field(None, description="What sales hears, where the two differ.")
    metric: Id | None = Field(None, description="The metric that measures it.")
    step: Id | None = Field(None, description="The funnel step that it names.")
    see_also: tuple[Id, ...] = Field((), description="Ids of other terms.")


class GlossaryFile(PlaybookFile):
    """glossary.yml: the words."""

    terms: tuple[Term, ...] = Field(min_length=1)


class Published(Model):
    """Where a claim was published."""

    author: Words
    title: Words
    year: int | None = None


class Evidence(Model):
    """One figure and what stands behind it: who says, of whom, compared with what."""

    id: Id
    claim: Words = Field(description="The claim in our own words.")
    figure: Words = Field(description="The number as it travels.")
    who_says: Words
    who_was_asked: Words = Field(description="Who was asked or observed; “not stated” is an answer.")
    base: Words = Field(description="The percentage of what.")
    compared_with: Words = Field(description="Compared with what.")
    year: int | None = Field(description="When it was measured or first said; null if nobody says.")
    checkable: Literal["yes", "partly", "no"] = Field(description="Can a reader get to the data or the method?")
    kind: Literal["effect", "association", "opinion", "story"]
    grade: Literal["A", "B", "C", "D"] = Field(description="A: act on it. B: plan with it. C: a hint. D: do not quote.")
    reason: Words = Field(description="Why this grade.")
    say_instead: Words | None = Field(None, description="A sentence that the evidence does carry.")
    source: Published
    cited_in: tuple[Id, ...] = Field((), description="Ids of the articles (ideas.yml, sources) that pass it on.")
    review_by: date | None = Field(None, description="The day by which somebody looks for a better source.")


class EvidenceFile(PlaybookFile):
    """evidence.yml: the cards."""

    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Article(Model):
    """An article that the ideas come from."""

    id: Id
    author: Words
    title: Words
    note: Words | None = None


class Idea(Model):
    """One idea of the articles, in our words, and where the kit puts it into practice."""

    number: int = Field(ge=1, le=94)
    slug: Slug
    statement: Words = Field(description="One line, in our own words.")
    source: Id = Field(description="Id of the article, from `sources` in this file.")
    links: tuple[Words, ...] = Field(
        (),
        description="Where it is taught or practised, such as lesson:stages, exercise:stages/E3, metric:win_rate, "
        "step:trial, role:brand_manager, term:mql, evidence:blendtec_views, column:leads.origin, table:orders, "
        "play:launch_gate, widget:stages/funnel_by_cohort, page:metrics.win_rate.",
    )


class IdeasFile(PlaybookFile):
    """ideas.yml: the 94 ideas and the five articles."""

    sources: tuple[Article, ...] = Field(min_length=1)
    ideas: tuple[Idea, ...]


class Skill(Model):
    """Something a learner can be seen to do. Every check belongs to one."""

    id: Id
    name: Words
    statement: Words = Field(description="What an observer would see.")
    track: Literal["start", "mix_for_sales", "pipeline_for_marketers", "together"]
    cluster: Id | None = Field(description="The cluster of the test that asks for it; null if the test does not.")


class SkillsFile(PlaybookFile):
    """skills.yml: the skills, and the clusters of the test."""

    clusters: tuple[Named, ...] = Field(min_length=1)
    skills: tuple[Skill, ...] = Field(min_length=1)
