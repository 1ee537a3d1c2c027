"""What `hdrkit doctor` looks at. Nothing here needs more than Python: packages that may be broken run elsewhere."""
