"""What each choice of the report is worth: studies, and what is read from their tables."""
