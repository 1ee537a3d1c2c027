"""Notebooks of a few cells."""

import nbformat

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write_notebook(path, *cells):
    """Write a notebook of code cells, for the kernel of this Python."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
