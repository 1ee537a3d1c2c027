"""Parts of a page between markers, as `<!-- results: table2 -->` and `<!-- end -->`, which commands write anew."""

import re
from collections.abc import Callable


def renewed(text: str, kind: str, make: Callable[[str], str]) -> str:
    """Return a text with each of its marked parts of one kind made anew; `make` is given the part's name."""
    marked = re.compile(rf"(<!-- {kind}: (\w+) -->\n).*?(<!-- end -->)", re.S)
    return marked.sub(lambda found: f"{found[1]}\n{make(found[2])}\n{found[3]}", text)
