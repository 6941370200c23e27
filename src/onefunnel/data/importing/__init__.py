"""Another system's export becomes a folder of our tables; every row is taken, or set aside with its reason.

Files are strangers' files: they are bounded in size, read as text, never evaluated, and what they say about people
is written into the folder that the user named and nowhere else.
"""

from onefunnel.data.importing.run import KINDS, Summary, import_files

__all__ = ["KINDS", "Summary", "import_files"]
