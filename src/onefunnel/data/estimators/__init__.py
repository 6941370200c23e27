"""How each planted truth is measured in the tables, and how it is misread: the rows of `datasets/truths/` name these.

Each function takes the company's tables (T00 left out) and gives one number or word. They are written apart from
`onefunnel.metrics` on purpose: a fault in one of the two shows as a difference.
"""
