"""nbgrader's settings for a OneFunnel course. Copied into a cohort's folder; change it there, not here.

Names of learners, the list of assignments and `db_url` belong to the course. No exchange is configured: lessons are
handed out and handed in as files, which also works on Windows.
"""

c = get_config()  # noqa: F821

# --- release: what stands in place of a solution -------------------------------------------------------------------
# The stub runs, so that Run All reaches the last question; the check then says "not yet".
c.ClearSolutions.code_stub = {"python": "pass  # write your line here"}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# --- grading: no surprises from the clock ---------------------------------------------------------------------------
c.Execute.timeout = 60  # seconds a cell; a lesson's cell needs well under one
c.Execute.startup_timeout = 120  # a cold laptop or a full server may need a minute to import pandas
c.Execute.interrupt_on_timeout = True

# --- grading: what `grade` adds to nbgrader (grading/README.md) -------------------------------------------------------
c.OneFunnelGrading.forgive_warnings = True  # a warning on stderr is no wrong answer
c.OneFunnelGrading.warm = ["onefunnel.cohort.warm"]  # kernels start with the tables already read

# --- feedback: hidden tests stay hidden -----------------------------------------------------------------------------
# Autograding puts the hidden tests back into the notebook, and nbgrader prints its notebook into the feedback page.
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor  # noqa: E402
from nbgrader.preprocessors import GetGrades  # noqa: E402

from onefunnel.lessons.hidden import HideHiddenTests  # noqa: E402

c.GenerateFeedback.preprocessors = [HideHiddenTests, GetGrades, CSSHTMLHeaderPreprocessor]
