"""Notebooks: copies for students, kernels, pages."""
