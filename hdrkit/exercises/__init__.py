"""Exercises that check themselves: `check("04.2", answer)` says at once whether an answer is right, or what is off."""

from hdrkit.exercises.checking import check
from hdrkit.exercises.progress import show_progress
from hdrkit.exercises.quiz import quiz

__all__ = ["check", "quiz", "show_progress"]
