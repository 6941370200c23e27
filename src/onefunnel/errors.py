"""The one error that a user is meant to read."""


class Problem(Exception):
    """Something the user can mend: the message says where it is, what is wrong and what to do.

    The command line prints the message alone (no traceback) and exits with 1.
    """
