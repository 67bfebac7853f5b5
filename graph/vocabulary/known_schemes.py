"""Which scheme of external ids may have been meant by a name that the vocabulary does not list."""

from difflib import get_close_matches

from graph.vocabulary import VOCABULARY


def nearest_scheme(name: str) -> str | None:
    """Return the listed scheme that is spelled most like this name, None if none comes near.

    >>> nearest_scheme("arnn"), nearest_scheme("OIDC subject"), nearest_scheme("cmdb-key")
    ('arn', 'oidc-subject', None)
    """
    spelled = name.strip().lower().replace("_", "-").replace(" ", "-")
    found = get_close_matches(spelled, [scheme.name for scheme in VOCABULARY.schemes], n=1)
    return found[0] if found else None
