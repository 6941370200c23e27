"""The truth about how sales and marketing work together: typed, checked, and loaded once.

`load()` returns a `Playbook`, or raises `PlaybookError` with every error, each with file, line and mend.
The check of everything (links to lessons and tables, review dates) is `onefunnel.playbook.check.check(folder)`.
"""

from onefunnel.playbook.book import Playbook
from onefunnel.playbook.company import Calendar, ClockRules, Company, Holiday, SideExit
from onefunnel.playbook.findings import Finding, PlaybookError
from onefunnel.playbook.funnel import Accountable, Role, Service, Step
from onefunnel.playbook.knowledge import Article, Evidence, Idea, Named, Skill, Term
from onefunnel.playbook.loading import load
from onefunnel.playbook.numbers import Metric, Trap
from onefunnel.playbook.paths import LearningPath, Part
from onefunnel.playbook.plays import Play

__all__ = [
    "Accountable",
    "Article",
    "Calendar",
    "ClockRules",
    "Company",
    "Evidence",
    "Finding",
    "Holiday",
    "Idea",
    "LearningPath",
    "Metric",
    "Named",
    "Part",
    "Play",
    "Playbook",
    "PlaybookError",
    "Role",
    "Service",
    "SideExit",
    "Skill",
    "Step",
    "Term",
    "Trap",
    "load",
]
