"""`python -m onefunnel …`: see `onefunnel.cli`."""

import sys

from onefunnel.cli import main

sys.exit(main())
