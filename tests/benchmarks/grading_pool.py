"""What people build by hand: nbgrader's own interface in several processes. `grading_pool COURSE WORKERS LEARNER…`"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor


def _grade(course: str, learner: str) -> bool:
    from nbgrader.apps import NbGraderAPI

    from onefunnel.grading.course import open_course

    opened = open_course(course)
    api = NbGraderAPI(coursedir=opened.directory, config=opened.config, log_level="CRITICAL")
    return api.autograde("ps1", learner)["success"]


if __name__ == "__main__":
    from onefunnel.surroundings import prepare

    prepare()
    course, workers, *learners = sys.argv[1:]
    with ProcessPoolExecutor(int(workers)) as pool:
        assert all(pool.map(_grade, [course] * len(learners), learners))
