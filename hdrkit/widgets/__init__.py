"""Things to move by hand.

`compare` opens the light table. The smaller ones around it stand in modules of their own: `registration`, `pairs`,
`camera`, `tone_mapping`.
"""

from hdrkit.widgets.light_table import LightTable, compare
from hdrkit.widgets.pictures import Picture

__all__ = ["LightTable", "Picture", "compare"]
