"""Whether everything that answers are read from is what the log of commits says.

``log`` checks the chain and replays the operations as ``entry`` lines, ``tables`` reads
the same lines back out of a store, ``tally`` compares the two in constant memory and
names the first that differs. ``personal_values``, ``names``, ``moves`` and ``portraits``
check what has no line of its own in the log. ``verify`` puts them together.
"""
