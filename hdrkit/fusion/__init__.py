"""All frames of a bracket into one picture: the multi-exposure baselines."""
