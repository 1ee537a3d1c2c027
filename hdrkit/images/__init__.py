"""Pixels and picture files: the sRGB curve, raw decoding, DNG, JPEG to TIFF with their metadata."""
