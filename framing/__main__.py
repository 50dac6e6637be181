"""Run the command line with ``python -m framing``."""

import sys

from framing.cli import main

sys.exit(main())
