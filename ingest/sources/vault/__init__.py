"""HashiCorp Vault and OpenBao: mounts, the names of secrets, who may log in as what, and what policies give.

The order of reading this package: ``commands`` and ``answers`` tell what a file is the answer to,
``hcl`` and ``policies`` read policies, ``precedence`` decides which rule of them counts, ``storage``,
``logins`` and ``holders`` say what stands where and who holds which policies, ``grants`` what those
come to, ``sections`` puts it into scopes, ``source`` is the plug-in.
"""

from ingest.sources.vault.source import SOURCE, VaultSource

__all__ = ["SOURCE", "VaultSource"]
