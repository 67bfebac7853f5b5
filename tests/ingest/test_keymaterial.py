"""Digests of keys are those that OpenSSH computes, from public and from private halves."""

import pytest

from ingest.keymaterial import PrivateKey, private_key, public_key_digest
from tests.ingest import keys


@pytest.mark.parametrize(
    ("text", "digest", "encrypted"),
    [
        (keys.PLAIN, keys.PLAIN_DIGEST, False),
        (keys.GUARDED, keys.GUARDED_DIGEST, True),
        (keys.RSA, keys.RSA_DIGEST, False),
        (keys.RSA_IN_PKCS_8, keys.RSA_DIGEST, False),
        (keys.PLAIN.replace("\n", "\\n"), keys.PLAIN_DIGEST, False),
        (f"KEY='{keys.PLAIN}' # in a script", keys.PLAIN_DIGEST, False),
        (keys.PLAIN.replace("\n", "\r\n"), keys.PLAIN_DIGEST, False),
    ],
)
def test_the_private_half_tells_the_public_one(text: str, digest: str, encrypted: bool) -> None:
    assert private_key(text) == PrivateKey(digest, encrypted)


@pytest.mark.parametrize("line", [keys.PLAIN_PUBLIC, keys.PLAIN_PUBLIC.rpartition(" ")[0]])
def test_a_public_key_with_and_without_a_comment(line: str) -> None:
    assert public_key_digest(line) == keys.PLAIN_DIGEST


@pytest.mark.parametrize(
    "line", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa " + keys.PLAIN_PUBLIC.split()[1], "ssh-rsa ???"]
)
def test_what_is_no_public_key_has_no_digest(line: str) -> None:
    assert public_key_digest(line) is None


@pytest.mark.parametrize("cut", range(1, 400, 13))
def test_a_key_that_is_cut_short_tells_nothing_false(cut: int) -> None:
    begin, *body, end = keys.PLAIN.strip().splitlines()
    shortened = "".join(body)[:-cut]
    found = private_key(f"{begin}\n{shortened}\n{end}")
    assert found in (None, PrivateKey(keys.PLAIN_DIGEST, encrypted=False))


def test_other_blocks_are_no_keys() -> None:
    assert private_key("-----BEGIN RSA PRIVATE KEY-----\nQUJD\n-----END RSA PRIVATE KEY-----") is None
    assert private_key("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----") is None
