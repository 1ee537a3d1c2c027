"""hdrkit download: what the kit may not carry."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import count
from hdrkit.cli.loading import loading

HELP = "fetch data from the network"
EXAMPLE = "hdrkit download fairchild"
RESUMES = ""

KEPT = "finished files, and what there is of others, are kept"
FROM = "a mirror, or a folder that holds a copy, in place of the address in data/downloads.toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    _add(kinds, "weights", "VGG-16 trained on ImageNet", "hdrkit download weights")
    words = "the HDR Photographic Survey, which the report used: 105 scenes, 14 GB to fetch, 29 GB on the disk"
    fairchild = _add(kinds, "fairchild", words, "hdrkit download fairchild --from /media/disk/fairchild")
    _add_places(fairchild, "fairchild", "where the survey goes; keep the name, by which it is known (fairchild)")
    fairchild.add_argument("--exr", action="store_true", help="fetch the radiance of each scene, too")
    words = "panoramas of Poly Haven in the public domain, one of each place, 1.5 MB each"
    polyhaven = _add(kinds, "polyhaven", words, "hdrkit download polyhaven --count 100")
    _add_places(polyhaven, "polyhaven", "where the panoramas go (polyhaven)")
    polyhaven.add_argument("--count", type=count, required=True, metavar="N", help="of how many places")


def _add(kinds: argparse._SubParsersAction, name: str, words: str, example: str) -> argparse.ArgumentParser:
    return kinds.add_parser(
        name,
        help=words,
        description=words[0].upper() + words[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_places(parser: argparse.ArgumentParser, out: str, words: str) -> None:
    parser.set_defaults(resumes=KEPT)
    parser.add_argument("--out", type=Path, default=Path(out), metavar="DIR", help=words)
    parser.add_argument("--from", dest="root", metavar="ADDRESS", help=FROM)


def run(arguments: argparse.Namespace) -> None:
    if arguments.what == "weights":
        return _weights()
    from hdrkit.downloads import fairchild, polyhaven

    if arguments.what == "fairchild":
        return fairchild.download(arguments.out, arguments.root, arguments.exr)
    return polyhaven.download(arguments.out, arguments.count, arguments.root)


def _weights() -> None:
    with loading():
        from hdrkit.models.pretrained import vgg16_weights

    weights = vgg16_weights()
    print(f"{weights.path}: {weights.description} ({weights.source})")
