"""Kubernetes: workloads, accounts, secrets and who may do what, from lists of the API's objects.

The order of reading this package: ``lists`` and ``objects`` read files and drop what may
hold values, ``podspecs`` and ``workloads`` say what runs with what, ``rules`` and ``grants``
who may do what, ``scopes`` and ``sections`` put it into scopes, ``source`` is the plug-in.
"""

from ingest.sources.kubernetes.source import SOURCE, KubernetesSource

__all__ = ["SOURCE", "KubernetesSource"]
