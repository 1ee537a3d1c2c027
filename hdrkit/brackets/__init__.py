"""Several exposures of one scene: their files, what exposes them, the camera curve, and how they lie."""
