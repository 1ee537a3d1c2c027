"""Metrics, scores and controls, oracles, intervals, and a look inside a trained network."""
