"""From a folder of brackets to pairs: surveys, registration, aligned scenes, crops, symmetries."""
