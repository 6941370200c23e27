"""The maturity check: one question a topic, a level, and three plays with dates. The page can be worked by hand too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.playbook.company import WEEKDAYS
from onefunnel.playbook.maturity import NEXT
from onefunnel.publish.page import Edition, Page
from onefunnel.publish.pages.tools.form import STYLE
from onefunnel.publish.text import attribute, bullets, capital, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook.maturity import Maturity, Topic

TITLE = "Maturity check"
ABOUT = "How well marketing and sales work together, and which three plays come next."
ADDRESS = "tools/maturity"


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page; nothing for a company without maturity.yml."""
    check = edition.playbook.maturity
    if check is None:
        return
    levels = ", ".join(level.name.lower() for level in check.levels)
    body = f"""
{len(check.topics)} questions tell how you work together: {levels}. They end in {NEXT} plays with dates. Let both
functions answer apart and compare. Where you differ by two levels, talk first.
{{: .of-lead }}

<link rel="stylesheet" href="{STYLE}">
<script type="application/json" id="maturity-data">{_data(edition, check)}</script>
<form id="of-maturity" class="of-calculator of-maturity" data-search-exclude>
{chr(10).join(_topic(check, number, topic) for number, topic in enumerate(check.topics, start=1))}
<div class="of-needs-js of-maturity__result">
<p class="of-summary" role="status" aria-live="polite" data-summary></p>
<ol data-plays hidden></ol>
<p class="of-buttons"><button type="button" class="md-button" data-copy>Copy a link to these answers</button>
<button type="button" class="md-button" data-print>Print</button>
<button type="reset" class="md-button">Start again</button> <span role="status" data-copied></span></p>
</div>
<p class="of-no-script">Tick on paper, then use the table below: it gives the same result.</p>
</form>

The answers stay in this page's address, on your own device. Nothing is sent or stored.
{{: .of-small }}

## The levels

{bullets(f"**{plain(level.name)}.** {sentence(plain(level.meaning or ''))}" for level in check.levels)}

Your level is the highest one that more than half of the topics have reached. So a few good topics do not hide many bad
ones.

## Which play comes next

{_plays(edition, check)}

Take the {NEXT} topics that stand lowest; of two that stand equally low, the upper one in the table. From the column of
your level in that topic comes the play. {_when(check)}

<script src="../assets/javascripts/maturity.js"></script>
"""
    yield Page(f"{ADDRESS}.md", TITLE, body, ABOUT, hide=("navigation", "toc"))


def _topic(check: Maturity, number: int, topic: Topic) -> str:
    choices = "".join(
        f'<label><input type="radio" name="{topic.id}" value="{level}"> <span>{attribute(answer.is_)}</span></label>'
        for level, answer in enumerate(topic.answers)
    )
    legend = f"{number}. {attribute(topic.name)}"
    return f"<fieldset><legend>{legend}</legend><p>{attribute(topic.question)}</p>{choices}</fieldset>"


def _plays(edition: Edition, check: Maturity) -> str:
    rows = [(plain(topic.name), *(edition.play(answer.play) for answer in topic.answers)) for topic in check.topics]
    head = ["Topic", *(plain(level.name) for level in check.levels)]
    return f'<div id="of-maturity-plays" markdown>\n\n{table(head, rows)}\n\n</div>'


def _when(check: Maturity) -> str:
    weeks = [f"{count} week{'' if count == 1 else 's'}" for count in check.start_after_weeks]
    listed = f"{', '.join(weeks[:-1])} and {weeks[-1]}"
    return f"They begin {listed} from today. If that is no working day, they begin on the first one after it."


def _data(edition: Edition, check: Maturity) -> str:
    """What the script needs beside the page itself: it takes the plays from the table of plays."""
    calendar = edition.playbook.calendar

    def owner(play_id: str) -> str:
        return capital(edition.playbook.role(edition.playbook.play(play_id).owner).name)

    data = {
        "levels": [{"name": level.name, "meaning": level.meaning or ""} for level in check.levels],
        "topics": [
            {"id": topic.id, "name": topic.name, "owners": [owner(answer.play) for answer in topic.answers]}
            for topic in check.topics
        ],
        "weeks": list(check.start_after_weeks),
        "working_days": [WEEKDAYS.index(day) for day in calendar.working_days],
        "holidays": [day.isoformat() for day in calendar.holiday_dates],
    }
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
