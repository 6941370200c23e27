"""Rules between the files: ids that must exist, things that must be unique, exactly one owner.

The rules read the plain data, not the models, so that a fault in one entry never hides another elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

from onefunnel.playbook.findings import Finding, mend_unknown
from onefunnel.playbook.plain import finding
from onefunnel.playbook.reader import Document, Path_

Documents = dict[str, Document]  # "funnel" → funnel.yml, "plays/launch_gate" → a play

# kind of id → (file, where its ids stand)
IDS = {
    "function": ("company", "functions/*/id"),
    "phase": ("company", "phases/*/id"),
    "business line": ("company", "business_lines/*/id"),
    "step": ("funnel", "steps/*/id"),
    "metric": ("metrics", "metrics/*/id"),
    "role": ("roles", "roles/*/id"),
    "decision": ("roles", "decisions/*/id"),
    "part": ("mix", "parts/*/id"),
    "topic": ("maturity", "topics/*/id"),
    "term": ("glossary", "terms/*/id"),
    "evidence": ("evidence", "evidence/*/id"),
    "article": ("ideas", "sources/*/id"),
    "skill": ("skills", "skills/*/id"),
    "cluster": ("skills", "clusters/*/id"),
}

# (file, where an id is used, its kind)
USES = [
    ("funnel", "steps/*/phase", "phase"),
    ("funnel", "steps/*/accountable/function", "function"),
    ("funnel", "steps/*/accountable/*/function", "function"),
    ("funnel", "steps/*/accountable/role", "role"),
    ("funnel", "steps/*/accountable/*/role", "role"),
    ("funnel", "steps/*/accountable/on_key_accounts", "role"),
    ("funnel", "steps/*/responsible/*", "role"),
    ("funnel", "steps/*/consulted/*", "role"),
    ("funnel", "steps/*/informed/*", "role"),
    ("funnel", "steps/*/metrics/*", "metric"),
    ("funnel", "steps/*/in_lines/*/line", "business line"),
    ("funnel", "steps/*/sources/*", "evidence"),
    ("metrics", "metrics/*/owner", "role"),
    ("metrics", "metrics/*/sources/*", "evidence"),
    ("metrics", "metrics/*/arguments/from_step", "step"),
    ("metrics", "metrics/*/arguments/to_step", "step"),
    ("metrics", "metrics/*/arguments/step", "step"),
    ("roles", "roles/*/function", "function"),
    ("roles", "roles/*/measured_by/metrics/*", "metric"),
    ("roles", "decisions/*/decides/*", "role"),
    ("roles", "decisions/*/tie", "role"),
    ("roles", "decisions/*/asks/*", "role"),
    ("roles", "decisions/*/tells/*", "role"),
    ("roles", "decisions/*/metrics/*", "metric"),
    ("roles", "decisions/*/plays/*", "play"),
    ("mix", "parts/*/owner", "role"),
    ("mix", "parts/*/in_lines/*/line", "business line"),
    ("mix", "parts/*/figures/*/metric", "metric"),
    ("mix", "parts/*/figures/*/arguments/from_step", "step"),
    ("mix", "parts/*/figures/*/arguments/to_step", "step"),
    ("mix", "parts/*/figures/*/arguments/step", "step"),
    ("mix", "parts/*/plays/*", "play"),
    ("maturity", "topics/*/answers/*/play", "play"),
    ("glossary", "terms/*/metric", "metric"),
    ("glossary", "terms/*/step", "step"),
    ("glossary", "terms/*/see_also/*", "term"),
    ("evidence", "evidence/*/cited_in/*", "article"),
    ("ideas", "ideas/*/source", "article"),
    ("skills", "skills/*/cluster", "cluster"),
]

PLAY_USES = [
    ("owner", "role"),
    ("with/*", "role"),
    ("steps/*", "step"),
    ("metrics/*", "metric"),
    ("measure/metric", "metric"),
]

# Lists in which an id may stand only once, beside those of IDS.
UNIQUE = [
    ("company", "origins/*/id"),
    ("maturity", "levels/*/id"),
    ("company", "side_exits/*/id"),
    ("ideas", "ideas/*/number"),
    ("ideas", "ideas/*/slug"),
]

NOTHING = Document("")  # stands for a file that a company has left out
NUMBERS_OF_IDEAS = range(1, 95)


def select(document: Document, pattern: str) -> Iterator[tuple[Path_, Any]]:
    """Yield (path, value) for each part of a document that a pattern such as `steps/*/metrics/*` fits."""
    found: list[tuple[Path_, Any]] = [((), document.data)]
    for part in pattern.split("/"):
        deeper: list[tuple[Path_, Any]] = []
        for path, value in found:
            if part == "*" and isinstance(value, list):
                deeper += [((*path, number), item) for number, item in enumerate(value)]
            elif part != "*" and isinstance(value, dict) and part in value:
                deeper.append(((*path, part), value[part]))
        found = deeper
    yield from found


def known_ids(documents: Documents) -> dict[str, list[str] | None]:
    """Return the ids of every kind; None for a kind whose file could not be read (then nothing can be said)."""
    known: dict[str, list[str] | None] = {}
    for kind, (file, pattern) in IDS.items():
        document = documents.get(file, NOTHING)
        readable = isinstance(document.data, dict)
        known[kind] = [str(v) for _, v in select(document, pattern)] if readable else None
    known["play"] = [name.removeprefix("plays/") for name in documents if name.startswith("plays/")]
    return known


def unknown_ids(documents: Documents) -> Iterator[Finding]:
    """Every id that is used must exist; the message names the near match."""
    known = known_ids(documents)
    uses = [(documents.get(file, NOTHING), pattern, kind) for file, pattern, kind in USES]
    for name, document in documents.items():
        if name.startswith("plays/"):
            uses += [(document, pattern, kind) for pattern, kind in PLAY_USES]
    for document, pattern, kind in uses:
        ids = known[kind]
        for path, value in select(document, pattern):
            if ids is not None and isinstance(value, str) and value not in ids:
                home = "plays/" if kind == "play" else IDS[kind][0] + ".yml"
                yield finding(document, path, f'unknown {kind} "{value}". {mend_unknown(value, ids, home)}')


def duplicates(documents: Documents) -> Iterator[Finding]:
    """An id, an idea's number and an idea's slug stand only once."""
    for file, pattern in [*IDS.values(), *UNIQUE]:
        document = documents.get(file, NOTHING)
        first: dict[Any, int] = {}
        for path, value in select(document, pattern):
            if not isinstance(value, str | int):
                continue
            if value in first:
                field = path[-1]
                message = f'{field} "{value}" is already used in line {first[value]}. Give this one another {field}.'
                yield finding(document, path, message)
            first.setdefault(value, document.line(path))
    for path, traps in select(documents["metrics"], "metrics/*/traps"):
        yield from _twice(documents["metrics"], path, traps, "trap")
    for path, reasons in select(documents["company"], "side_exits/*/reasons"):
        yield from _twice(documents["company"], path, reasons, "reason")


def _twice(document: Document, path: Path_, entries: Any, kind: str) -> Iterator[Finding]:
    ids = [one.get("id") if isinstance(one, dict) else None for one in entries] if isinstance(entries, list) else []
    for number, one in enumerate(ids):
        if one is not None and one in ids[:number]:
            yield finding(document, (*path, number), f'{kind} "{one}" stands here twice. Keep one.')


def words_once(documents: Documents) -> Iterator[Finding]:
    """A term, its abbreviation and its aliases mean one thing: no word stands in two entries, in any case."""
    document = documents["glossary"]
    owners: dict[str, tuple[Any, int]] = {}
    for path, term in select(document, "terms/*"):
        if not isinstance(term, dict):
            continue
        places = [((*path, "name"), term.get("name")), ((*path, "abbreviation"), term.get("abbreviation"))]
        aliases = term.get("aliases")
        places += [((*path, "aliases", n), a) for n, a in enumerate(aliases if isinstance(aliases, list) else [])]
        for place, word in places:
            if not isinstance(word, str):
                continue
            key = " ".join(word.casefold().split())
            if key in owners and owners[key][0] != path:
                line = owners[key][1]
                yield finding(document, place, f'"{word}" is already defined in line {line}. Merge the two entries.')
            elif key in owners:
                yield finding(document, place, f'"{word}" stands twice in this entry. Delete one.')
            owners.setdefault(key, (path, document.line(place)))


def accountable_roles(documents: Documents) -> Iterator[Finding]:
    """The accountable role belongs to the accountable function."""
    functions = {
        role.get("id"): role.get("function")
        for _, role in select(documents["roles"], "roles/*")
        if isinstance(role, dict)
    }
    document, known = documents["funnel"], known_ids(documents)["function"]
    for path, one in [
        *select(document, "steps/*/accountable"),
        *select(document, "steps/*/accountable/*"),
    ]:
        if not isinstance(one, dict):
            continue
        for key in ("role", "on_key_accounts"):
            role, function = one.get(key), one.get("function")
            theirs = functions.get(role) if isinstance(role, str) else None
            if theirs and theirs != function and (known is None or function in known):
                message = (
                    f'role "{role}" belongs to {theirs}, but {function} is accountable. '
                    f"Name a role of {function}, or make {theirs} accountable."
                )
                yield finding(document, (*path, key), message)


def steps_stand_in_the_funnel(documents: Documents) -> Iterator[Finding]:
    """Who answers for a step stands in funnel.yml alone; a role's list holds only what is no step."""
    owners: dict[str, tuple[str, Any]] = {}
    for _, step in select(documents["funnel"], "steps/*"):
        if isinstance(step, dict) and isinstance(step.get("accountable"), dict):
            step_id = str(step.get("id"))
            for word in (step_id, str(step.get("name"))):
                owners[word.casefold()] = (step_id, step["accountable"].get("role"))
    document = documents["roles"]
    for path, word in select(document, "roles/*/accountable_for/*"):
        step_id, owner = owners.get(str(word).casefold(), ("", None))
        if not step_id:
            continue
        mine = document.at(path[:2]).get("id")
        if owner == mine:
            mend = "Delete it here: the role's page takes it from there."
        else:
            mend = f'Delete it here, or make "{mine}" accountable there.'
        yield finding(document, path, f'funnel.yml gives step "{step_id}" to "{owner}". {mend}')


def all_ideas(documents: Documents) -> Iterator[Finding]:
    """Every idea from 1 to 94 has its entry."""
    document = documents["ideas"]
    if not isinstance(document.data, dict):
        return
    present = {value for _, value in select(document, "ideas/*/number")}
    missing = [number for number in NUMBERS_OF_IDEAS if number not in present]
    if missing:
        numbers = ", ".join(map(str, missing))
        noun = "idea" if len(missing) == 1 else "ideas"
        yield finding(document, ("ideas",), f"{noun} {numbers} missing. Add an entry for each.")


def opening_hours(documents: Documents) -> Iterator[Finding]:
    """The business day ends after it begins, and the clock tells somebody who exists."""
    document = documents["company"]
    for path, calendar in select(document, "calendar"):
        if isinstance(calendar, dict):
            opens, closes = (_time(calendar.get(key)) for key in ("opens", "closes"))
            if opens and closes and closes <= opens:
                yield finding(
                    document, (*path, "closes"), "the business day closes before it opens. Swap the two times."
                )
    roles = known_ids(documents)["role"]
    for path, who in select(document, "clock/escalation"):
        for number, one in enumerate(who if isinstance(who, list) else []):
            tell = one.get("tell") if isinstance(one, dict) else None
            if roles and isinstance(tell, str) and tell not in [*roles, "accountable_manager"]:
                mend = mend_unknown(tell, [*roles, "accountable_manager"], "roles.yml")
                yield finding(document, (*path, number, "tell"), f'unknown role "{tell}". {mend}')


def _time(text: Any) -> time | None:
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def play_names(documents: Documents) -> Iterator[Finding]:
    """A play's id is the name of its file, and its ideas exist."""
    for name, document in documents.items():
        if not name.startswith("plays/") or not isinstance(document.data, dict):
            continue
        file, written = name.removeprefix("plays/"), document.data.get("id")
        if written is not None and written != file:
            yield finding(document, ("id",), f'the id is "{written}" but the file is {file}.md. Make them the same.')
        for path, number in select(document, "ideas/*"):
            if number not in NUMBERS_OF_IDEAS:
                yield finding(document, path, f"there is no idea {number}. Ideas are numbered 1 to 94.")


RULES: list[Callable[[Documents], Iterator[Finding]]] = [
    duplicates,
    words_once,
    unknown_ids,
    accountable_roles,
    steps_stand_in_the_funnel,
    all_ideas,
    opening_hours,
    play_names,
]


def cross_references(documents: Documents) -> list[Finding]:
    """Apply every rule; findings in the order of files and lines."""
    found = [one for rule in RULES for one in rule(documents)]
    order = defaultdict(lambda: len(documents), {d.name: n for n, d in enumerate(documents.values())})
    return sorted(found, key=lambda one: (order[one.file], one.line))
