"""Notebooks of a few cells."""

import nbformat

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write_notebook(path, *cells, parameters=None):
    """Write a notebook of code cells, for the kernel of this Python; its first one may declare parameters."""
    declared = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})] if parameters else []
    notebook = nbformat.v4.new_notebook(cells=declared + [nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
