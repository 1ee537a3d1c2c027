"""Pages that need no other file: how their templates are read, and what all of them look like.

What is common to their looks stands in templates/page.css, which templates of any package include.
"""

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def environment(package: str) -> Environment:
    """Return Jinja2's environment for the templates of a package; whatever is put into them is escaped."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("hdrkit.display")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
