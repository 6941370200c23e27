"""What people build by hand: nbgrader's own interface in several processes.

`python -m grading_pool COURSE ASSIGNMENT WORKERS LEARNER…`
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor


def _grade(course: str, assignment: str, learner: str) -> bool:
    from nbgrader.apps import NbGraderAPI

    from onefunnel.grading.course import open_course

    opened = open_course(course)
    api = NbGraderAPI(coursedir=opened.directory, config=opened.config, log_level="CRITICAL")
    return api.autograde(assignment, learner)["success"]


if __name__ == "__main__":
    from onefunnel.surroundings import prepare

    prepare()
    course, assignment, workers, *learners = sys.argv[1:]
    with ProcessPoolExecutor(int(workers)) as pool:
        assert all(pool.map(_grade, [course] * len(learners), [assignment] * len(learners), learners))
