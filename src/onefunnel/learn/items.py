"""The questions of one lesson, read from the `LESSON.items.json` that lies beside its notebook."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from onefunnel.errors import Problem
from onefunnel.learn import forms, keys

FORMAT = 1
NEEDED = {  # what scoring cannot do without; the builder checks far more
    "predict": (),
    "number": ("value", "unit"),
    "tiles": ("value", "unit", "tokens"),
    "two_tier": ("parts",),
    "order": ("key",),
    "claim": ("sentence", "parts"),
    "match": ("rows", "options", "key"),
    "sort": ("options",),
    "matrix": (),
    "hotspot": (),
    "target": ("value", "slider"),
    "best_worst": ("options", "key"),
    "rules": ("columns", "value", "full", "shown", "key"),
    "allocate": ("total", "unit", "value", "shown", "key"),
    "text": (),
}
COMPUTED = frozenset({"number", "tiles", "target"})

#: Types that are neither right nor wrong.
UNSCORED = frozenset({"predict", "matrix", "text"})


@dataclass(frozen=True)
class Item:
    """One question as it stands for one learner: the base fields with those of its current variant laid over them."""

    lesson: str
    id: str
    spec: Mapping[str, Any]
    variant: int = 0
    base: Mapping[str, Any] | None = None

    @property
    def qualified(self) -> str:
        """The id that is unique over lessons, e.g. "stages/E3"."""
        return f"{self.lesson}/{self.id}"

    @property
    def type(self) -> str:
        """The item type, e.g. "two_tier"."""
        return self.spec["type"]

    @property
    def title(self) -> str:
        """The short label."""
        return self.spec.get("title") or self.id

    @property
    def prompt(self) -> str:
        """The question (Markdown)."""
        return self.spec.get("prompt") or ""

    @property
    def points(self) -> float:
        """The points of its check cell; 0 where nothing is counted."""
        return float(self.spec.get("points") or 0)

    @property
    def stretch(self) -> bool:
        """Whether it is for those who want more: checked, but never counted."""
        return bool(self.spec.get("stretch"))

    @property
    def checkable(self) -> bool:
        """Whether it is right or wrong, and its check says which."""
        return self.type not in UNSCORED and bool(self.points or self.stretch)

    @property
    def skill(self) -> str | None:
        """The skill that its points count for."""
        return self.spec.get("skill")

    @property
    def recall(self) -> bool:
        """Whether it may come back in a warm-up, in another version."""
        return bool(self.spec.get("recall"))

    @property
    def unit(self) -> str:
        """The unit of the asked number: percent eur eur_per_day days ratio count cases."""
        return self.spec.get("unit") or (self.spec.get("slider") or {}).get("unit") or "count"

    @property
    def slider_scale(self) -> float:
        """What a slider's number is divided by to get the raw value: sliders in percent count 14.3 for 0.143."""
        return 100.0 if (self.spec.get("slider") or {}).get("unit") == "percent" else 1.0

    @property
    def decimals(self) -> int:
        """How many decimals a value of this item is shown with."""
        default = 0 if self.unit == "count" else 1
        return int(self.spec.get("decimals", default) or 0)

    @property
    def hints(self) -> Mapping[str, str]:
        """Own texts for misconceptions, by id."""
        return self.spec.get("hints") or {}

    @property
    def key(self) -> Mapping[str, Any]:
        """The sealed key (see `keys.seal`); empty for computed items."""
        return self.spec.get("key") or {}

    @cached_property
    def formulas(self) -> Mapping[str, Any]:
        """The right formula and those that show a misconception: {"right": [...] or None, "wrong": {id: [...]}}."""
        return keys.unveil(self.key["formulas"]) if "formulas" in self.key else {"right": None, "wrong": {}}

    @cached_property
    def examples(self) -> Mapping[str, Any]:
        """A right rule or plan, and those that show a misconception: {"right": … or None, "wrong": {id: …}}."""
        return keys.unveil(self.key["examples"]) if "examples" in self.key else {"right": None, "wrong": {}}

    @property
    def versions(self) -> int:
        """How many versions of this question there are."""
        return 1 + len((self.base or self.spec).get("variants") or ())

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Every misconception that scoring can name for this version, each once."""
        named = [*(self.key.get("named") or {}).values(), *(self.spec.get("wrong") or ()), *self.formulas["wrong"]]
        named += self.examples["wrong"]
        return tuple(dict.fromkeys(named))

    def current(self, variant: object) -> Item:
        """Return the version of this question with that number; an impossible number gives the first."""
        base = self.base or self.spec
        if type(variant) is not int or not 0 <= variant < self.versions:
            variant = 0
        changes = base["variants"][variant - 1] if variant else {}
        return Item(self.lesson, self.id, {**base, **changes}, variant, base)

    def digest(self, *parts: object) -> str:
        """Return the digest that `keys.seal` wrote for such a choice in this version."""
        return keys.digest(self.lesson, self.id, self.variant, *parts)

    def named(self, *place: str) -> str | None:
        """Return the misconception that a choice shows, if it is a named one."""
        return (self.key.get("named") or {}).get(self.digest("named", *place))


class Items(Mapping[str, Item]):
    """The questions of a lesson by id, in the order of the notebook."""

    def __init__(
        self,
        lesson: str,
        title: str,
        items: Mapping[str, Mapping[str, Any]],
        minutes: int = 0,
        kind: str = "lesson",
        written: Iterable[str] = (),
    ) -> None:
        self.lesson, self.title, self.minutes, self.kind = lesson, title, minutes, kind
        self.written = tuple(written)  # ids of the answers that are typed into a cell and read by a person
        self._items = {name: Item(lesson, name, spec) for name, spec in items.items()}

    def asked(self, name: str, variant: int, learner: str) -> Item:
        """Return a question as this learner is asked it: in a test their form, else the version they have come to."""
        form = forms.form(learner, self.kind)
        return self[name].current(variant if form is None else form)

    def __getitem__(self, name: str) -> Item:
        """Return an item in its first version; an unknown id is a Problem that names near ones."""
        if name not in self._items:
            raise Problem(f'lesson "{self.lesson}" has no question {name!r}.{nearest(str(name), self._items)}')
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a question (a Mapping would expect a KeyError)."""
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many questions there are."""
        return len(self._items)


def nearest(said: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" or " Known: …", ready to be put behind a sentence."""
    known = list(known)
    close = difflib.get_close_matches(said, known, n=2, cutoff=0.5)
    return f" Did you mean {' or '.join(close)}?" if close else f" Known: {', '.join(known) or 'none'}."


def load_items(path: Path) -> Items:
    """Read one lesson's questions. Raises Problem with file, question and field when something is missing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Problem(
            f"{path.name} is not beside the notebook. "
            "Open the notebook in the lesson's own folder, or fetch the lesson again."
        ) from None
    except (ValueError, OSError) as error:
        raise Problem(f"{path.name} cannot be read ({error}). Fetch the lesson again.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("items"), dict):
        raise Problem(
            f"{path.name} is not a question file of this version of the kit. Build or fetch the lesson again."
        )
    faults = [fault for name, spec in content["items"].items() for fault in _faults(name, spec)]
    if faults:
        raise Problem("\n".join(f"{path.name}: {fault}" for fault in faults))
    about = str(content.get("lesson")), str(content.get("title") or "")
    kind = str(content.get("kind") or "lesson")
    return Items(*about, content["items"], int(content.get("minutes") or 0), kind, content.get("written") or ())


def _faults(name: str, spec: object) -> list[str]:
    if not isinstance(spec, dict):
        return [f"question {name} is not a table of fields."]
    kind = spec.get("type")
    if kind not in NEEDED:
        return [f"question {name} has the unknown type {kind!r}.{nearest(str(kind), NEEDED)}"]
    missing = [field for field in NEEDED[kind] if field not in spec]
    if kind in ("hotspot", "sort") and "value" not in spec and "key" not in spec:
        missing.append("value (or a sealed key)")
    if kind in ("allocate", "sort", "matrix") and "rows" not in spec and "rows_from" not in spec:
        missing.append("rows (or rows_from)")
    return [f"question {name} ({kind}) lacks {field}." for field in missing]
