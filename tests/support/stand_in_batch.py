"""`lipwright`, whose batches are made by stand_in_rows.py: for tests that kill it."""

from __future__ import annotations

import sys
from pathlib import Path

from lipwright.cli.batches import processes
from lipwright.cli.main import main

STAND_IN_ROWS = (sys.executable, str(Path(__file__).with_name("stand_in_rows.py")))

if __name__ == "__main__":
    vars(processes)["ROW_PROCESS"] = STAND_IN_ROWS
    main()
