"""AWS: identities, what they may do, and what an account holds, as the AWS CLI prints it.

The order of reading this package: ``policies`` decides what statements give; ``principals`` and
``directory`` read who bears them; ``grants``, ``trust`` and ``control`` make edges of that, ``iam``
puts them into a scope; ``source`` is the plug-in.
"""

from ingest.sources.aws.source import SOURCE, AwsSource

__all__ = ["SOURCE", "AwsSource"]
