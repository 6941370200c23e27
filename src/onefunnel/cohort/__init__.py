"""A cohort: its course folder, and the lead's verbs over it (release, collect, grade, feedback, report)."""
