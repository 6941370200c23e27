"""Reads the target description of a launch: which of six facts it gives, and which words say nothing.

The six facts are those that a seller can look up before a call. A word list is a help, no judge: it finds a fact by
its usual words and cannot tell whether the fact is true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Fact → (what to write, words by which it is known).
FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "location": ("Where it is", ("area", "street", "district", "town", "centre", "station", "income", "neighbourhood")),
    "clientele": ("Who comes", ("worker", "famil", "student", "passer", "guest", "visitors are", "clientele")),
    "ticket": ("What a visitor spends", ("€", "eur", "ticket", "spend")),
    "past_sales": ("What it sold so far", ("case", "sold", "sells", "ordered", "past sales")),
    "services": ("What it offers beside goods", ("wifi", "wi-fi", "seat", "deliver", "service", "table")),
    "success_story": ("One like it that sells us well", ("like it", "success", "such as", "example", "story")),
}
EMPTY_WORDS = (
    "ambitious", "authentic", "dynamic", "exclusive", "exciting", "innovative", "modern", "passionate", "premium",
    "quality-minded", "sophisticated", "stylish", "trendy", "unique", "upbeat", "vibrant", "young",
)  # fmt: skip

#: A brief as launches have it: three sentences that a seller can use, four that nobody can look up.
SAMPLE: dict[str, str] = {
    "people": "Our new blend is for young, dynamic people who live in the moment.",
    "taste": "They are sophisticated and upbeat, and they love what is authentic.",
    "street": "The outlets lie in streets with offices, and the income there is middle or higher.",
    "spends": "In such an outlet a visitor spends €9 or more.",
    "treat": "It is a premium treat for exciting moments.",
    "seats": "The outlet has seats and wifi.",
    "want": "Everybody who tries it will want more.",
}


def empty_words(text: str) -> list[str]:
    """Adjectives that no seller can look up, in the order of the list, each once."""
    words = set(re.findall(r"[a-z-]+", text.casefold()))
    return [word for word in EMPTY_WORDS if word in words]


def missing_facts(text: str) -> list[str]:
    """Ids of the facts that the text does not seem to give, in the order of `FACTS`."""
    said = text.casefold()
    return [fact for fact, (_, words) in FACTS.items() if not any(word in said for word in words)]


def sentence_options(sentences: Mapping[str, str] = SAMPLE) -> list[dict[str, str]]:
    """A brief's sentences for a "pick the ones that" question: `id` and `text`."""
    return [{"id": name, "text": text} for name, text in sentences.items()]


def fact_options() -> list[dict[str, str]]:
    """The six facts for such a question."""
    return [{"id": fact, "text": text} for fact, (text, _) in FACTS.items()]


def useless_sentences(sentences: Mapping[str, str] = SAMPLE) -> list[str]:
    """Ids of the sentences that give none of the six facts, sorted."""
    return sorted(name for name, text in sentences.items() if len(missing_facts(text)) == len(FACTS))


def missing_in(sentences: Mapping[str, str] = SAMPLE) -> list[str]:
    """Ids of the facts that are missing from a whole brief of such sentences, sorted."""
    return sorted(missing_facts(" ".join(sentences.values())))
