"""What the network that predicts a bilateral grid and the code that slices it have to agree on."""

THUMBNAIL = 128  # pixels, both edges, whatever the picture's shape
LEVELS = 12  # levels of brightness, one stop apart
LEVEL_RANGE = (-6.0, 5.0)  # stops from a picture's key: where a grid's levels begin and end
FAINTEST = -10  # stops from white; what is darker counts as this dark
CLIPPED = 0.95  # share of the range: from here on, a channel may be clipped
