"""The options of programs that fetch a package and run it: which of them take a value.

Only what is listed is understood: behind an option that is not, it cannot be told which word is the package.
Sources: npm, bun, pnpm, uv, pipx and Docker, command references (2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a program: those with a value, those without, and those whose value is a package.

    Where one of ``instead`` is given its value is the package, and the first word a program in it.
    """

    values: frozenset[str]
    flags: frozenset[str]
    instead: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    registries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Runner:
    """A program that runs packages of one sort, if its first words are these."""

    sort: str
    options: Options
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Arguments taken apart: options with their values and places, and the words behind them."""

    values: tuple[tuple[str, str, int], ...]
    rest: tuple[tuple[str, int], ...] = field(default=())

    def of(self, options: frozenset[str]) -> list[tuple[str, int]]:
        """Return the values of some options, each with its place."""
        return [(value, at) for option, value, at in self.values if option in options]


def taken_apart(arguments: Sequence[str], options: Options, start: int) -> Words | None:
    """Return the options before the first word, and the rest; None where an option is not known.

    >>> taken_apart(["-y", "left-pad@1.3.0", "--loud"], RUNNERS["npx"][0].options, 0).rest[0]
    ('left-pad@1.3.0', 1)
    """
    values: list[tuple[str, str, int]] = []
    at = start
    while at < len(arguments):
        word = arguments[at]
        if word == "--" or not word.startswith("-") or word == "-":
            at += word == "--"
            break
        option, equals, value = word.partition("=")
        if option in options.values:
            if not equals:
                at += 1
                value = arguments[at] if at < len(arguments) else ""
            values.append((option, value, at))
        elif word[:2] in options.values and not word.startswith("--"):
            values.append((word[:2], word[2:], at))
        elif option not in options.flags and not _are_flags(word, options):
            return None
        at += 1
    return Words(tuple(values), tuple((word, n) for n, word in enumerate(arguments) if n >= at))


def _are_flags(word: str, options: Options) -> bool:
    """Return whether a word is several short options in one, such as ``-it``."""
    return not word.startswith("--") and all(f"-{letter}" in options.flags for letter in word[1:])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NPM: Final = Options(
    values=_words("-p --package -c --call -w --workspace --registry --userconfig --cache --prefix"),
    flags=_words(
        "-y --yes -q --quiet -s --silent --no --no-install --prefer-offline --prefer-online --offline "
        "--ignore-existing --ignore-scripts --bun"
    ),
    instead=_words("-p --package"),
    registries=_words("--registry --userconfig"),
)
_UV: Final = Options(
    values=_words(
        "--from --with -w --with-editable --with-requirements -p --python -i --index-url --index "
        "--default-index --extra-index-url -f --find-links -c --constraint --constraints --overrides "
        "--directory --project --cache-dir --color --prerelease --resolution --index-strategy "
        "--keyring-provider --env-file --config-file --link-mode --exclude-newer -P "
        "--upgrade-package --refresh-package --reinstall-package"
    ),
    flags=_words(
        "-q --quiet -v --verbose -n --no-cache --refresh --isolated --offline -U --upgrade --reinstall "
        "--no-config --native-tls --no-progress --no-env-file --managed-python --no-managed-python "
        "--no-python-downloads --no-build --no-binary --pre"
    ),
    instead=_words("--from"),
    besides=_words("--with -w"),
    registries=_words(
        "-i --index-url --index --default-index --extra-index-url -f --find-links --config-file"
    ),
)
_PIPX: Final = Options(
    values=_words("--spec --python -i --index-url --pip-args --with"),
    flags=_words("-q --quiet -v --verbose --no-cache --pypackages --system-site-packages"),
    instead=_words("--spec"),
    registries=_words("-i --index-url --pip-args"),
)
_DOCKER: Final = Options(
    values=_words(
        "-e --env --env-file -v --volume --mount -p --publish --expose --network --net --network-alias "
        "--name -w --workdir --entrypoint -u --user -l --label --label-file --add-host --platform "
        "-m --memory --memory-swap --cpus --cpu-shares --ulimit --security-opt --cap-add --cap-drop "
        "--device --dns -h --hostname --restart --runtime --gpus --shm-size --tmpfs --pull "
        "--log-driver --log-opt --ipc "
        "--pid --pids-limit --userns --group-add --ip --sysctl --stop-timeout --stop-signal --isolation "
        "--annotation"
    ),
    flags=_words(
        "-i --interactive -t --tty --rm --init -d --detach --privileged --read-only -q --quiet -P "
        "--publish-all --no-healthcheck --oom-kill-disable"
    ),
)

RUNNERS: Final[dict[str, tuple[Runner, ...]]] = {
    "npx": (Runner("npm", _NPM),),
    "bunx": (Runner("npm", _NPM),),
    "pnpx": (Runner("npm", _NPM),),
    "npm": (Runner("npm", _NPM, ("exec",)), Runner("npm", _NPM, ("x",))),
    "bun": (Runner("npm", _NPM, ("x",)),),
    "pnpm": (Runner("npm", _NPM, ("dlx",)),),
    "yarn": (Runner("npm", _NPM, ("dlx",)),),
    "uvx": (Runner("pypi", _UV),),
    "uv": (Runner("pypi", _UV, ("tool", "run")),),
    "pipx": (Runner("pypi", _PIPX, ("run",)),),
    "docker": (Runner("image", _DOCKER, ("run",)), Runner("image", _DOCKER, ("container", "run"))),
    "podman": (Runner("image", _DOCKER, ("run",)),),
}
