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

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "mathml", "docstrings"]
include_patterns = [
    "index.md", "README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "api.rst", "api/*.rst",
    "docs/*.md", "docs/decisions/*.md", "notebooks/*.ipynb", "hdrkit/enhancement/weights/MODEL_CARD.md",
]  # fmt: skip
html_theme = "sphinx_book_theme"
html_title = "hdrkit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
# Where the repository lies in public; .github/workflows/site.yml knows it. Without it, there is nothing to launch from.
REPOSITORY = os.environ.get("HDRKIT_REPOSITORY", "")
LAUNCH = {
    "repository_url": REPOSITORY,
    "repository_branch": "main",
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "use_repository_button": True,
}
html_theme_options = (LAUNCH if REPOSITORY else {}) | {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "use_download_button": False,
    "navigation_with_keys": False,
}
templates_path = ["_templates"]

# The notebooks have run already. Their widgets show what needs no kernel, which stands in their HTML.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "html_image"]
suppress_warnings = ["myst.header"]  # an exercise may stand right below a notebook's title
myst_heading_anchors = 6
html_math_renderer = "mathml"

autosummary_generate = True
autodoc_default_options = {"members": True, "member-order": "bysource", "ignore-module-all": True}
autodoc_inherit_docstrings = False
default_role = "code"
