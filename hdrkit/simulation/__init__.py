"""The embedded survey: a simulated camera in panoramas, and the tone mapping of its renders."""
