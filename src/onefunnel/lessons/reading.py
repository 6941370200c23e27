"""How much there is to read, and how hard it is: words, and the Flesch–Kincaid grade.

Grade = 0.39 · words per sentence + 11.8 · syllables per word − 15.59 (Kincaid, Fishburne, Rogers and Chissom,
1975). Syllables are estimated from groups of vowels, right for about nine English words in ten, which is enough for a
mean over hundreds; a dictionary would cost a dependency.
"""

from __future__ import annotations

import re

_NOT_PROSE = [
    re.compile(r"```.*?```", re.DOTALL),  # code shown in prose
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"^\s*\|?[\s:|-]+\|?\s*$", re.MULTILINE),  # the ruler of a table
    re.compile(r"`[^`]*`"),
    re.compile(r"!\[[^\]]*\]\([^)]*\)"),
    re.compile(r"(?<=\])\([^)]*\)"),  # the address of a link; its words stay
]
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?|\d[\d.,]*")
_ENDING = re.compile(r"[.!?]+[”\"'’)*_]*(?=\s|$)|:\s*\n|\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.))")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^laeiouytd]ed|[^aeiouyscxzg]es)$")


def prose(markdown: str) -> str:
    """Return the words a person reads in a Markdown text: no code, no addresses."""
    for pattern in _NOT_PROSE:
        markdown = pattern.sub(" ", markdown)
    return markdown


def words(markdown: str) -> int:
    """Count the words of a Markdown text; a number is a word."""
    return len(_WORD.findall(prose(markdown)))


def syllables(word: str) -> int:
    """Estimate the syllables of an English word; a number counts as two."""
    word = word.lower()
    if word[0].isdigit():
        return 2
    groups = len(re.findall(r"[aeiouyà-ÿ]+", word))
    groups += len(
        re.findall(r"i[ao]|[^q]ua|eo(?!p)|[aeouy]ing|rea(?:$|te)|yee", word)
    )  # two vowels that are said apart
    groups -= len(re.findall(r"[tcs]ion|[tc]ial|usi(?=ness)", word))  # …and “-tion”, “-cial”, which are not
    if groups > 1 and _SILENT.search(word):
        groups -= 1
    return max(groups, 1)


def grade(markdown: str) -> float:
    """Return the Flesch–Kincaid grade of a Markdown text (0.0 for a text without words), one decimal."""
    text = prose(markdown)
    sentences = [s for s in _ENDING.split(text) if _WORD.search(s)]
    found = _WORD.findall(text)
    if not found:
        return 0.0
    per_word = sum(map(syllables, found)) / len(found)
    return round(0.39 * len(found) / len(sentences) + 11.8 * per_word - 15.59, 1)
