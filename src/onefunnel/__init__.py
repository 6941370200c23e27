"""OneFunnel: one truth about how sales and marketing work together, taught, graded and published from one source."""

__version__ = "0.1.0"
