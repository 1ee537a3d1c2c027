"""A package, so that one browser serves all of its tests: the scope of the fixture `browser`."""
