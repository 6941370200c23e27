"""The sample company's tables: loading and checking them, and cutting out one learner's book of business."""

from onefunnel.data.book import Book, book
from onefunnel.data.schema import validate
from onefunnel.data.tables import DataError, Tables, load

__all__ = ["Book", "DataError", "Tables", "book", "load", "validate"]
