"""The seeded generator of Altamar Coffee's tables. Start reading at `make_data.py`, one folder up."""
