"""What everything rests on: the one error, files, keys of caches, provenance, progress bars, words of the tables."""
