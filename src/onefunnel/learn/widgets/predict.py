"""`predict`: commit before you see. A choice is kept at once, a slider when its button is pressed."""

from __future__ import annotations

from typing import Any

from onefunnel.learn.widgets.frame import Frame, Keep, keep_button, known, radio
from onefunnel.learn.widgets.sliders import from_spec, is_number, plain


class PredictChoice(Frame):
    """Answer: {"choice": option id}."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        options = context.options()
        self.texts = dict(options)
        chosen = known(answer.get("choice") if isinstance(answer, dict) else None, options)
        self.group = radio("Your prediction", options, chosen)
        self.fill(self.group)
        if chosen:
            self.say(f"Kept. You predicted: {self.texts[chosen]}")
        self.group.observe(self._changed, "value")

    def _changed(self, _change: object) -> None:
        choice = self.group.value
        if choice is not None:
            self.save({"choice": choice}, _predicted(self.texts[choice]), warn=False)


class PredictSlider(Frame):
    """Answer: {"value": x}, when the button was pressed."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        kept = answer.get("value") if isinstance(answer, dict) else None
        self.kept = float(kept) if is_number(kept) else None
        spec = item.spec["slider"]
        self.pair = from_spec(str(spec.get("label") or "Your prediction"), spec, kept, context.unit_text(), self._moved)
        self.button = keep_button(item.title)
        self.button.on_click(lambda _button: self._keep_it())
        self.fill(self.pair, self.button)
        if self.kept is None:
            self.say("Nothing is kept yet: slide or type, then press the button.")
        else:
            self.say(f"Kept. You predicted: {self._text(self.kept)}")

    def _text(self, value: float) -> str:
        return plain(value, self.pair.places)

    def _moved(self, value: float) -> None:
        if value == self.kept:
            self.say(f"Kept. You predicted: {self._text(value)}")
        else:
            self.unkept(self.kept is not None)

    def _keep_it(self) -> None:
        value = self.pair.value
        if self.save({"value": value}, _predicted(self._text(value)), warn=False):
            self.kept = value


def _predicted(text: str) -> str:
    return f"You predicted: {text.rstrip('.')}. You will see it again at the end of the lesson."


def predict(item: Any, answer: dict | None, keep: Keep, context: Any) -> Frame:
    """Return the widget of a prediction: a slider when the question has one, else a choice."""
    kind = PredictSlider if item.spec.get("slider") else PredictChoice
    return kind(item, answer, keep, context)
