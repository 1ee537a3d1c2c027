"""All notebooks in one run: its scores, tables, verdicts and report."""
