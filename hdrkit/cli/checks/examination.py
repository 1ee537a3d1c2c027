"""All checks, in the order in which a newcomer needs them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from hdrkit.cli.checks import data, hardware, imagenet, packages
from hdrkit.cli.checks.browser import browser
from hdrkit.cli.checks.check import BAD, Check
from hdrkit.cli.checks.importing import Imports
from hdrkit.core.errors import HdrkitError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

SLOW = ("tensorflow", "keras")  # modules whose import takes seconds


def examine(network: bool, wait: Callable[[str], None]) -> Iterator[Check]:
    """Look at everything the kit stands on, and yield each check when it is done.

    network: whether servers may be asked. wait: called before a check that may take seconds, with what it is.
    """
    try:
        wanted, unknown = packages.requirements(), ""
    except HdrkitError as error:
        wanted, unknown = [], str(error)
    fit = [one for one in wanted if not packages.fault(one)]
    slow = [one for one in fit if packages.module(one) in SLOW]
    quick = [one for one in fit if one not in slow]
    with ExitStack() as children:  # they run while the others are looked at
        halves = [children.enter_context(_importing(quick[start::2])) for start in range(2)]
        trial, look = (children.enter_context(start()) for start in (data.start_weights, imagenet.start))
        if unknown:
            yield Check("packages", BAD, unknown, packages.install())
        else:
            yield from (packages.python(), packages.packages(wanted))
            if packages.LOCK.is_file():  # in a clone
                yield packages.lock(wanted)
        yield from (hardware.processor(), hardware.memory(), hardware.disk(Path("build")), data.data(), data.survey())
        wait("imports, about 5 s")
        failed = {name: why for half in halves for name, why in half.failures().items()}
        yield packages.imports("imports", quick, failed)
        wait("weights")
        yield data.weights(trial)
        wait("imagenet")
        yield (imagenet_weights := imagenet.weights(look))
        yield browser()
        if not unknown:
            yield from map(packages.extra, packages.EXTRAS)
        if network:
            wait("network")
            yield imagenet.network(imagenet_weights)
        wait("tensorflow, about 10 s")  # alone, at the end: it takes longer than all others together
        with _importing(slow) as importing:
            yield packages.imports("tensorflow", slow, importing.failures())


def _importing(wanted: Sequence["Requirement"]) -> Imports:
    return Imports([packages.module(one) for one in wanted])
