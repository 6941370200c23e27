"""The calculators: each a form that starts from the company's own numbers, and one page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from onefunnel.metrics.catalogue import NoFigure
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages.tools import buyers, funnel, money, places, spend, together
from onefunnel.publish.pages.tools.form import Body, frame
from onefunnel.publish.text import lead, plain

FOLDER = "tools"


class Calculator(NamedTuple):
    """One calculator: its page's name, its title, the question it answers, and who writes its page."""

    page: str
    title: str
    question: str
    write: Callable[[Edition], Body]


#: In the order of the index: the way of the money first, then how two functions work together.
CALCULATORS = (
    Calculator(
        "funnel", "Funnel calculator", "What would one better rate, or more leads, bring in customers?", funnel.body
    ),
    Calculator(
        "waterfall",
        "Price waterfall",
        "Of the list price, what reaches our pocket, and what is margin?",
        money.waterfall,
    ),
    Calculator(
        "revenue-tree",
        "Revenue tree",
        "Which of the four factors moved revenue, and what did it do to the margin?",
        money.revenue_tree,
    ),
    Calculator(
        "total-price",
        "Total price",
        "What does the buyer really pay, when time and risk count too?",
        buyers.total_price,
    ),
    Calculator(
        "share-to-route",
        "Share points to route",
        "How many new customers on a route does a point of share ask for?",
        places.route,
    ),
    Calculator(
        "micromarkets",
        "Micromarket budgets",
        "Where does the next euro bring most, and what would another split bring?",
        places.micromarkets,
    ),
    Calculator(
        "return-by-origin",
        "Return by origin",
        "What did each euro of marketing bring back, and how much do we not know?",
        spend.origins,
    ),
    Calculator(
        "short-and-long",
        "Short and long budget",
        "What does money moved from brand to offers bring now, and cost later?",
        spend.budget,
    ),
    Calculator(
        "role-clarity",
        "Role clarity",
        "For this sale, how closely must we agree on who does what?",
        buyers.role_clarity,
    ),
    Calculator("shared-pay", "Shared pay", "Whose pay goes up when only one side reaches its number?", together.pay),
    Calculator(
        "ride-alongs",
        "Ride-along schedule",
        "Who from marketing rides with which territory in which week?",
        together.rotation,
    ),
)


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the list of calculators and each calculator; one that the tables cannot fill says what they lack."""
    yield _index(edition)
    for one in CALCULATORS:
        try:
            body = frame(edition, one.write(edition))
        except NoFigure as problem:
            body = f"{lead(plain(one.question))}\n\n{plain(str(problem))}\n\n[All calculators](site:tools)"
        yield Page(f"{FOLDER}/{one.page}.md", one.title, body, one.question, hide=("navigation", "toc"))


def _index(edition: Edition) -> Page:
    rows = "\n\n".join(f"[{one.title}](site:{FOLDER}/{one.page})\n:   {plain(one.question)}" for one in CALCULATORS)
    about = "Try a change before you pay for it. Each calculator starts from the company's own numbers."
    words = (
        f'{lead(about)}\n\n<div class="of-facts" markdown>\n\n{rows}\n\n</div>\n\n'
        "They run in your browser: what you type stays on your machine. “Copy a link” puts your numbers into the "
        "address, so whoever opens the link sees the same."
    )
    if edition.playbook.maturity:
        words += (
            "\n\nLooking for the questions on how well you work together? The [maturity check](site:tools/maturity) "
            "ends in three plays."
        )
    return Page(f"{FOLDER}/index.md", "Calculators", words, about, hide=("toc",))
