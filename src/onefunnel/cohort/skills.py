"""The team's skills map: who says of which skill that they can, or can show others (the last cell of the retest)."""

from __future__ import annotations

from dataclasses import dataclass

from onefunnel.cohort.course import Cohort
from onefunnel.grading.course import Course
from onefunnel.learn import skills_map
from onefunnel.playbook import Playbook

FEWEST = 2  # people who need a skill before a team can rely on it


@dataclass(frozen=True)
class SkillRow:
    """One skill of the playbook, and the names of those who say they can, or can show others."""

    name: str
    statement: str
    can: list[str]
    show: list[str]

    @property
    def is_gap(self) -> bool:
        """Whether fewer than two people can."""
        return len(self.can) + len(self.show) < FEWEST


def team_map(cohort: Cohort, course: Course, playbook: Playbook) -> list[SkillRow]:
    """Return a row for every skill, gaps first, from the answers handed in; [] when nobody has filled in a matrix."""
    views = {}
    for learner in cohort.learners:
        said: dict[str, str] = {}
        for lesson in cohort.lessons:
            said |= skills_map.own_view(course.folder("submitted", learner.id, lesson), playbook)
        if said:
            views[learner.name] = said
    rows = [
        SkillRow(
            skill.name,
            skill.statement,
            [name for name, said in views.items() if said.get(skill.id) == "can"],
            [name for name, said in views.items() if said.get(skill.id) == "show"],
        )
        for skill in playbook.skills
    ]
    return sorted(rows, key=lambda row: not row.is_gap) if views else []
