"""Write the input of one source: ``python -m bench.inputs SOURCE COUNT FOLDER``.

A process of its own, because the memory that a process has once held counts as that of those it starts.
"""

import sys
from pathlib import Path

from bench.inputs import INPUTS

source, count, folder = sys.argv[1:]
INPUTS[source].write(Path(folder), int(count))
