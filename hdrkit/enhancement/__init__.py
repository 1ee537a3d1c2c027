"""The kit's own network in use: slicing, photographs, its synthetic pairs, its training, its weights."""
