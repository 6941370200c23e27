"""The company's numbers as pure functions of its tables: no files, no widgets, no clock of their own.

`pipeline` (steps, win rate, time, coverage), `dates` (pushes, slippage), `trials` (the queue), `clock` and `hand_off`
(leads and service levels), `origin` and `demand` (what each origin brought), `attribution` and `markov` (credit), `mix`
and `willingness` (price), `value` and `budget` (customers and money), `market` (share and growth), `channel`,
`targeting` and `sellthrough` (outlets and shops), `accuracy`, `retention`, `survey`, `teamwork`, `scorecard` and
`roles`, each with a `…_traps`
module that holds the well-known wrong readings under the same signatures. `report` reads the whole funnel at once,
`catalogue` calls any metric the way `playbooks/metrics.yml` describes; `codes`, `journeys` and `walks` are what they
count on. Money is EUR, a share is a fraction, time is in days.
"""
