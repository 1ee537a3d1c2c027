"""Photographs that are not read here, whatever kind of file they are in: what is said of each, and what to do."""

from pathlib import Path

from hdrkit.core.errors import HdrkitError

HDR_CURVES = (16, 18)  # PQ and HLG, of those that ISO 23091-2 numbers (8.2)


def several(path: Path, what: str) -> HdrkitError:
    return HdrkitError(f"{path}: {what}; save the one that is meant as a file of its own")


def inks(path: Path) -> HdrkitError:
    return HdrkitError(f"{path}: in inks for print (CMYK); convert it to RGB")


def hdr(path: Path) -> HdrkitError:
    return HdrkitError(f"{path}: its values are of a curve for HDR screens; save it as an ordinary picture (SDR)")


def unread(path: Path, what: str) -> HdrkitError:
    return HdrkitError(f"{path}: this is {what}, which is not read here; convert it to an ordinary JPEG, PNG or TIFF")
