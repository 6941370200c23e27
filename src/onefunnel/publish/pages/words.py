"""The glossary, the evidence cards and the ideas; and the tooltips that explain a word on every other page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages import course
from onefunnel.publish.text import box, capital, facts, lead, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook import Evidence, Idea, Term

GRADES = {"A": "act on it", "B": "plan with it", "C": "a hint, no more", "D": "do not quote it"}
KINDS = {
    "effect": "an effect: something was changed and the result compared",
    "association": "an association: two things occur together",
    "opinion": "an opinion: people were asked",
    "story": "a story: one case, told",
}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the glossary, the evidence and the ideas."""
    yield _glossary(edition)
    yield _evidence(edition)
    yield _ideas(edition)


def tooltips(edition: Edition, page: Page) -> str:
    """Return Markdown abbreviation lines for the glossary's words that occur in a page's running text.

    Abbreviations always; names of two words or more as they stand inside a sentence ("pocket price"). Single everyday
    words would dot every line, and a page's own subject needs no tooltip.
    """
    own = page.path.rsplit("/", 1)[-1].removesuffix(".md")
    lines = []
    for term in edition.playbook.glossary:
        words = [term.abbreviation] if term.abbreviation else []
        if own not in (term.id, term.metric, term.step):
            words += [name[0].lower() + name[1:] for name in (term.name, *term.aliases) if " " in name]
        for word in dict.fromkeys(words):
            # The plain test comes first: compiling thousands of patterns would take seconds.
            if word in page.body and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page.body):
                lines.append(f"*[{word}]: {' '.join(term.definition.split())}")
    return "\n".join(lines)


def _glossary(edition: Edition) -> Page:
    terms = sorted(edition.playbook.glossary, key=lambda term: term.name.lower())
    both = sum(1 for term in terms if term.marketing_says and term.sales_hears)
    groups = [(letter, list(found)) for letter, found in groupby(terms, key=lambda term: term.name[0].upper())]
    jump = " ".join(f"[{letter}](#{_letter_id(letter)})" for letter, _ in groups)
    parts = [
        f"{len(terms)} words with one meaning each. For {both} of them, what marketing says is not what sales hears.\n"
        "{: .of-lead }",
        f"{jump}\n{{: .of-letters }}",
    ]
    for letter, found in groups:
        parts.append(f"## {letter} {{: #{_letter_id(letter)} .of-letter }}")
        parts += [_term(edition, term) for term in found]
    return Page(
        "glossary.md",
        "Glossary",
        "\n\n".join(parts),
        "Words of sales and marketing, with one meaning each.",
        hide=("navigation", "toc"),
    )


def _letter_id(letter: str) -> str:
    return f"letter-{letter.lower()}" if letter.isalpha() else "letter-0"


def _term(edition: Edition, term: Term) -> str:
    short = f" ({plain(term.abbreviation)})" if term.abbreviation else ""
    lines = [f"### {plain(capital(term.name))}{short} {{: #{term.id} }}", sentence(plain(term.definition))]
    if term.marketing_says and term.sales_hears:
        lines.append(
            box(
                "of-two",
                box("of-say of-say--marketing", "**Marketing says**", plain(term.marketing_says)),
                box("of-say of-say--sales", "**Sales hears**", plain(term.sales_hears)),
            )
        )
    more = []
    if term.aliases:
        more.append("Also: " + ", ".join(plain(alias) for alias in term.aliases))
    if term.metric:
        more.append(f"Measured as {edition.metric(term.metric)}")
    if term.step:
        more.append(f"Step {edition.step(term.step)}")
    if term.see_also:
        more.append("See " + ", ".join(edition.term(one) for one in term.see_also))
    if more:
        lines.append(" · ".join(more) + "\n{: .of-small }")
    return "\n\n".join(lines)


def _evidence(edition: Edition) -> Page:
    cards = sorted(edition.playbook.evidence, key=lambda card: (card.grade, card.claim.lower()))
    listed = [
        (f"**{card.grade}**, {GRADES[card.grade]}", f"[{plain(card.claim)}](#{card.id})", plain(card.figure))
        for card in cards
    ]
    body = "\n\n".join(
        [
            lead(
                "Figures travel further than their reasons. Each card says who counted what, compared with what, "
                "and how far you may lean on it."
            ),
            table(["Grade", "Claim", "Figure"], listed),
            *(_card(edition, card) for card in cards),
        ]
    )
    description = "What stands behind the figures that people quote."
    return Page("evidence.md", "Evidence", body, description, hide=("navigation", "toc"))


def _card(edition: Edition, card: Evidence) -> str:
    source = f"{plain(card.source.author)}, “{plain(card.source.title)}”"
    if card.source.year:
        source += f", {card.source.year}"
    rows = [
        ("Figure", plain(card.figure)),
        ("Who says so", plain(card.who_says)),
        ("Who was asked or observed", plain(card.who_was_asked)),
        ("A share of what", plain(card.base)),
        ("Compared with", plain(card.compared_with)),
        ("When", str(card.year) if card.year else "nobody says"),
        ("Can a reader check it?", card.checkable),
        ("What kind of claim", KINDS[card.kind]),
        ("Source", source),
    ]
    if card.cited_in:
        passed_on = [edition.playbook.article(one) for one in card.cited_in]
        rows.append(("Passed on by", "; ".join(f"{plain(one.author)}, “{plain(one.title)}”" for one in passed_on)))
    parts = [
        f"## {plain(card.claim)} {{: #{card.id} }}",
        f'<span class="of-grade of-grade--{card.grade.lower()}">Grade {card.grade}</span> '
        f"{capital(GRADES[card.grade])}. {sentence(plain(card.reason))}",
    ]
    if card.say_instead:
        parts.append(f"**Say instead:** {sentence(plain(card.say_instead))}")
    return box(f"of-evidence of-evidence--{card.grade.lower()}", *parts, facts(rows))


def _ideas(edition: Edition) -> Page:
    articles = {article.id: article for article in edition.playbook.articles}
    parts = [
        "The ideas that this playbook puts into practice, by the article they come from, and where each can be found.\n"
        "{: .of-lead }"
    ]
    for article_id, article in articles.items():
        ideas = [idea for idea in edition.playbook.ideas if idea.source == article_id]
        if not ideas:
            continue
        rows = [(str(idea.number), sentence(plain(idea.statement)), _where(edition, idea)) for idea in ideas]
        heading = f"## {plain(article.title)} {{: #{article_id} }}"
        parts.append(f"{heading}\n\n{plain(article.author)}\n{{: .of-small }}\n\n{table(['#', 'Idea', 'Where'], rows)}")
    return Page(
        "ideas.md", "Ideas", "\n\n".join(parts), "The ideas behind the playbook and where each is put into practice."
    )


def _where(edition: Edition, idea: Idea) -> str:
    return ", ".join(idea_link(edition, link) for link in idea.links) or "open"


def idea_link(edition: Edition, link: str) -> str:
    """Return what an idea links to: a link where the site has a page for it, else its name in words."""
    kind, _, rest = link.partition(":")
    links = {
        "metric": edition.metric,
        "step": edition.step,
        "role": edition.role,
        "term": edition.term,
        "play": edition.play,
        "part": edition.part,
    }
    if kind in links:
        return links[kind](rest)
    if kind == "evidence":
        return f"[evidence](site:evidence#{rest})"
    if kind == "decision":
        return f"[decision rights](site:roles/decisions#{rest})"
    if kind in ("lesson", "exercise"):
        lesson = next((one for one in edition.lessons if one["id"] == rest.partition("/")[0]), None)
        if lesson:
            return course.link(lesson) + (f" ({rest.partition('/')[2]})" if kind == "exercise" else "")
    if kind == "page":
        section, _, entry = rest.partition(".")
        return f"[{plain(rest.replace('.', ' ').replace('_', ' '))}](site:{section}{'/' + entry if entry else ''})"
    return f"{kind} `{rest}`"
