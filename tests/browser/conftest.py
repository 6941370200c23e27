"""Lets browser tests say `from lab import start_lab`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
