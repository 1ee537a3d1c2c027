"""Sphinx's settings for the book, which `make site` builds; tools/build_site.py lays out its sources."""

import importlib.metadata
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "hdrkit"
author = "the hdrkit authors"
copyright = "the hdrkit authors, MIT licence"
release = version = importlib.metadata.version("hdrkit")

extensions = ["myst_nb", "sphinx.ext.autodoc", "mathml", "docstrings"]
include_patterns = [
    "index.md", "README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "api.rst", "api/*.rst",
    "docs/*.md", "docs/decisions/*.md", "notebooks/*.ipynb", "hdrkit/enhancement/weights/MODEL_CARD.md",
]  # fmt: skip
html_theme = "sphinx_book_theme"
html_title = "hdrkit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_use_index = html_domain_indices = False  # the search finds what they list
# Where the repository lies in public, on GitHub; .github/workflows/site.yml knows it.
REPOSITORY = os.environ.get("HDRKIT_REPOSITORY", "")
html_theme_options = {
    "repository_url": REPOSITORY,
    "use_repository_button": bool(REPOSITORY),
    "show_navbar_depth": 1,
    "max_navbar_depth": 1,  # the page of the API has its rooms; in each side bar, they would take most of the time
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "use_download_button": False,
    "navigation_with_keys": False,
}

# The notebooks have run already. Their widgets show what needs no kernel, which stands in their HTML.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "html_image"]
suppress_warnings = ["myst.header"]  # an exercise may stand right below a notebook's title
myst_heading_anchors = 6
html_math_renderer = "mathml"

autodoc_default_options = {"members": True, "member-order": "bysource", "ignore-module-all": True}
autodoc_inherit_docstrings = False
add_module_names = False  # which the title of the page says
default_role = "code"
