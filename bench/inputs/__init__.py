"""Input of any size for each source, made up in the formats that the real tools write.

The same number always makes the same files, so that two measurements are of one thing.
"""

from bench.inputs.table import INPUTS, Input

__all__ = ["INPUTS", "Input"]
