"""Losses, metrics, the training loop and the recipes of the tables' rows."""
