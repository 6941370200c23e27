"""The company's numbers as pure functions of its tables: no files, no widgets, no clock of their own.

`pipeline` (steps, win rate, time, coverage), `origin` (return by origin), `mix` (price and margin), `attribution` and
`markov` (credit), `value` and `budget` (customers and money), `channel` and `sellthrough` (trade), `accuracy`,
`retention`, `survey`, `willingness` (price), `clock` (service levels), `scorecard` and `roles`, each with a `…_traps`
module that holds the well-known wrong readings under the same signatures. `report` reads the whole funnel at once,
`catalogue` calls any metric the way `playbooks/metrics.yml` describes; `codes`, `journeys` and `walks` are what they
count on. Money is EUR, a share is a fraction, time is in days.
"""
