"""The networks, one file per architecture, and where ImageNet's weights come from."""
