"""What the process imports that workers are forked from, while the grader itself imports nbgrader.

It is what data alone needs. nbgrader is left to a worker's first submission with code: the process that kernels are
forked from takes longer to start than that.
"""

import contextlib
import importlib

from onefunnel.surroundings import skip_address_grammar

skip_address_grammar()  # before the imports that would build it

from onefunnel.grading.replay import draw_inline  # noqa: E402

draw_inline()  # before the import that reads it

for _module in ("pandas", "matplotlib.pyplot"):
    with contextlib.suppress(Exception):  # the cell that needs it will say so
        importlib.import_module(_module)
