"""The closed list of what can become of a submission, each with a sentence for the learner and one for the lead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One way a submission can end.

    `learner` and `lead` are sentences; `{lesson}` and `{detail}` are filled in. Whether a run gave points stands in
    its record: a notebook whose one cell was stopped at its time limit is timed out, and the rest of it is graded.
    """

    id: str
    title: str
    learner: str
    lead: str

    def sentences(self, lesson: str, detail: str = "") -> tuple[str, str]:
        """Return (for the learner, for the lead)."""
        detail = detail.strip() or "no further detail"
        return tuple(text.replace("{lesson}", lesson).replace("{detail}", detail) for text in (self.learner, self.lead))


class Refused(Exception):
    """A submission ends here, under a name of the closed list."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome = OUTCOMES[outcome]
        self.detail = detail


_RETRY = "Copy your answers into a fresh copy of the lesson and hand in again."

_ALL = [
    Outcome("graded", "Graded", "Your work on “{lesson}” is graded.", "Graded."),
    Outcome(
        "timed_out",
        "Timed out",
        "“{lesson}” ran for too long and was stopped, so points are missing. Look for a loop that never ends, mend it "
        "and hand in again.",
        "Stopped at the time limit: {detail}.",
    ),
    Outcome(
        "killed",
        "Killed at a limit",
        "“{lesson}” printed far too much or filled the memory, so it was stopped and has no score yet. Print and keep "
        "less, and hand in again.",
        "Stopped at a limit: {detail}.",
    ),
    Outcome(
        "crashed",
        "Crashed",
        "Python itself stopped while “{lesson}” was running, so there is no score yet. Restart the kernel, run all "
        "cells, mend the one that stops Python, and hand in again.",
        "The run broke off: {detail}.",
    ),
    Outcome(
        "needs_box",
        "No box for its kernel",
        "“{lesson}” could not be run safely on our side, so it has no score yet. Your work is kept, and your lead will "
        "look at it.",
        "Not run: {detail}. Give the assignment a kernel of this Python, or grade it without --require-box.",
    ),
    Outcome(
        "unreadable",
        "Unreadable",
        "The file of “{lesson}” cannot be read. " + _RETRY,
        "The notebook or its answers cannot be read: {detail}.",
    ),
    Outcome(
        "unknown_learner",
        "Unknown learner",
        "This name is not on the cohort's list. Ask your lead which name to use.",
        "Not on the roster: {detail}. Add the learner to roster.csv, or ask for a file under the right name.",
    ),
    Outcome(
        "wrong_lesson",
        "Wrong lesson",
        "This is not the lesson “{lesson}”. Hand in the lesson's own notebook.",
        "The file is not this lesson: {detail}.",
    ),
    Outcome(
        "wrong_book",
        "Wrong book",
        "The answers in “{lesson}” were worked out on another book of business than yours, so they were not graded. "
        "Open the lesson under your own name and answer on your own numbers.",
        "The answers belong to another learner's book ({detail}). Nothing was graded; talk before you conclude.",
    ),
    Outcome(
        "tampered",
        "Question cells changed",
        "Question cells of “{lesson}” are missing or renamed, so it cannot be graded. " + _RETRY,
        "The locked cells are not as released and could not be put back: {detail}.",
    ),
    Outcome(
        "bad_score",
        "A check gave an impossible score",
        "A check in “{lesson}” gave a result that cannot be right. Your work is kept, and your lead will look at it.",
        "A check gave an impossible score: {detail}. Either the check is wrong or the submission forges it. "
        "No score was given.",
    ),
    Outcome(
        "failed",
        "Grading failed",
        "Something went wrong on our side while grading “{lesson}”. Your work is kept, and your lead will look at it.",
        "Grading itself failed: {detail}. Grade this one again; if it stays, look at the notebook by hand.",
    ),
    # What can become of a file before it is a submission (see cohort.collect).
    Outcome(
        "corrupt_file",
        "Corrupt file",
        "Your file arrived damaged and cannot be opened. Make it again with “submit” and send it again.",
        "Not a readable zip file: {detail}.",
    ),
    Outcome(
        "unsafe_file",
        "Unsafe file",
        "Your file holds names that a submission never has, so it was not opened. Make it again with “submit”.",
        "Refused unopened: {detail}. A file made by “submit” never looks like this.",
    ),
    Outcome(
        "too_big",
        "Too big",
        "Your file is far bigger than a submission can be, so it was not opened. Make it again with “submit”.",
        "Refused for its size: {detail}.",
    ),
    Outcome(
        "damaged",
        "Damaged",
        "A part of your file is not what it was when you made it. Make it again with “submit” and send it again.",
        "The contents do not match the manifest: {detail}.",
    ),
    Outcome(
        "not_a_submission",
        "Not a submission",
        "Your file was not made by “submit”. Make one with “submit” and send that.",
        "Not a submission file: {detail}.",
    ),
    Outcome(
        "wrong_name",
        "Name differs",
        "The name on your file is not the name inside it. Send the file as “submit” made it.",
        "The file's name and the learner inside differ: {detail}.",
    ),
    Outcome(
        "not_handed_in",
        "Not handed in",
        "You have not handed in “{lesson}” yet.",
        "Nothing was handed in.",
    ),
]

OUTCOMES: dict[str, Outcome] = {outcome.id: outcome for outcome in _ALL}
