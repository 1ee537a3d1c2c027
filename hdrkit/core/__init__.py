"""What everything rests on: the one error, files, keys of caches, provenance, progress bars, the words of the tables."""
