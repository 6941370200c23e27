"""Grading: sanitize → execute → judge → record, over any nbgrader course folder.

The order is the safety rule: what is trusted is restored first (sanitize), then and only then does a learner's code
run, with nothing to hurt around it (execute); its outputs are read by our own process (judge), and one writer puts
the verdicts into the gradebook (record). `engine.grade` does all of it.

Nothing is imported here: the process that kernels are forked from is a part of this package, and stays small.
"""
