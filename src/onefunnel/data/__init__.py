"""The sample company's tables: loading and checking them, and cutting out one learner's book of business."""

from onefunnel.data.book import Book, book
from onefunnel.data.tables import DataError, Tables, load
from onefunnel.data.validation import validate

__all__ = ["Book", "DataError", "Tables", "book", "load", "validate"]
