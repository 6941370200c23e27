"""What people say and what they spend their hours on: pulse, field notes, interviews, tasks and the time log."""

from __future__ import annotations

from generator.columns.kinds import MUST, POSITIVE, Column, Table, id_of, one_of, ref

FUNCTION = one_of("function", "Function", "Where the person works.", ["marketing", "sales"])

TABLES = {
    "survey_questions": Table(
        "Questions of the pulse",
        "a question of the pulse survey",
        ("question_id",),
        (
            Column("question_id", "text", "Question", "Id of the question.", limits=MUST | {"unique": True}),
            one_of(
                "kind",
                "Kind",
                "yes_no, or one box of a question where people tick all that apply.",
                ["yes_no", "tick_all"],
            ),
            Column("text", "text", "Text", "What people read.", limits=MUST),
        ),
    ),
    "pulse_survey": Table(
        "Pulse survey",
        "a person's answer to one question in one wave; those who were asked and said nothing are in it too",
        ("respondent_id", "question_id"),
        (
            Column("wave_on", "day", "Wave", "Day on which the wave was sent.", limits=MUST),
            Column(
                "respondent_id",
                "text",
                "Person",
                "Code of a person in this wave. Drawn anew each time, so nobody can be followed.",
                limits=MUST | {"pattern": "W[0-9]-[0-9]{3}"},
            ),
            FUNCTION,
            ref("question_id", "survey_questions", "Question", "Which question."),
            Column(
                "answer",
                "count",
                "Answer",
                "1 yes or ticked, 0 no; empty: did not answer.",
                limits={"minimum": 0, "maximum": 1},
            ),
        ),
    ),
    "field_notes": Table(
        "Field notes",
        "something a seller heard or saw and noted for marketing; notes younger than a month are left out",
        ("note_id",),
        (
            id_of("note_id", "N", 4, "Note", "Id of the note."),
            ref("territory_id", "territories", "Territory", "Where it was heard."),
            Column(
                "seller_id",
                "text",
                "Seller",
                "Who noted it: s sells to offices, r on the route.",
                limits=MUST | {"pattern": "T[0-9]{2}-[sr]"},
            ),
            one_of("kind", "Kind", "What it is about.", ["price", "competitor", "product", "need", "service"]),
            Column("theme", "text", "Theme", "Code of the theme.", limits=MUST),
            Column("noted_on", "day", "Noted on", "Day on which the seller wrote it down.", limits=MUST),
            Column("received_on", "day", "Received on", "Day on which marketing had it; empty: never arrived."),
            Column("used_on", "day", "Used on", "Day on which somebody acted on it; empty: nobody did."),
        ),
    ),
    "interviews": Table(
        "Interviews",
        "a theme that came up in an interview",
        ("interview_id", "theme_code"),
        (
            Column("interview_id", "text", "Interview", "Id of the interview.", limits=MUST | {"pattern": "I[0-9]{3}"}),
            Column("held_on", "day", "Held on", "Day of the talk.", limits=MUST),
            one_of("interviewer", "Interviewer", "Function of the person who asked.", ["marketing", "sales"]),
            one_of(
                "spoke_with",
                "Spoke with",
                "Whom: sellers, customers, or the people who take calls by day and by night.",
                ["seller", "call_agent_day", "call_agent_night", "customer"],
            ),
            ref(
                "territory_id",
                "territories",
                "Territory",
                "Where; empty for people who take calls from everywhere.",
                False,
            ),
            Column("theme_code", "text", "Theme", "Code given after the talk.", limits=MUST),
            Column("says", "text", "Says", "The theme in the person's words.", limits=MUST),
        ),
    ),
    "tasks": Table(
        "Tasks",
        "a task that sales and marketing have on their list, whether anybody does it or not",
        ("task_id",),
        (
            Column("task_id", "text", "Task", "Id of the task.", limits=MUST | {"unique": True}),
            Column("task", "text", "Name", "What is to be done.", limits=MUST),
            Column("step_id", "text", "Step", "Funnel step it serves; empty: none in particular."),
        ),
    ),
    "time_log": Table(
        "Time log",
        "hours that a territory's seller (sales) or its marketer (marketing) spent on a task in a week",
        ("territory_id", "week", "function", "task_id"),
        (
            ref("territory_id", "territories", "Territory", "Whose week."),
            Column("week", "day", "Week", "Its Monday.", limits=MUST),
            FUNCTION,
            ref("task_id", "tasks", "Task", "On what."),
            Column("hours", "share", "Hours", "Hours in the week; tasks without any have no row.", "h", POSITIVE),
        ),
    ),
}
