"""What readers see: figures, numbers and tables as people write them, sentences checked against a run."""
