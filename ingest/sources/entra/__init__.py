"""Microsoft Entra ID: people, groups, applications with their credentials, and who may do what.

The order of reading this package: ``addresses`` and ``listings`` tell what a file is a list
of, ``people``, ``applications``, ``trust``, ``memberships``, ``permissions`` and ``roles`` say
what its objects come to, ``scopes`` and ``sections`` put that into scopes, ``source`` is the plug-in.
"""

from ingest.sources.entra.source import SOURCE, EntraSource

__all__ = ["SOURCE", "EntraSource"]
