"""The convolutions of VGG-16 (Simonyan and Zisserman 2015), without Keras: the fetching of their weights needs none."""

CHANNELS = (64, 128, 256, 512, 512)  # of each block
LAYERS = tuple(  # of each block, by the names that Keras gives them
    tuple(f"block{block}_conv{number}" for number in range(1, convolutions + 1))
    for block, convolutions in enumerate((2, 2, 3, 3, 3), 1)
)
ALL_LAYERS = tuple(layer for block in LAYERS for layer in block)
