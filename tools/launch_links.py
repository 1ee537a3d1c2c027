"""Where a reader of a notebook's page can run it: in JupyterLab on her own machine, on Binder, in Colab."""

import re
from urllib.parse import quote

from hdrkit.core.errors import HdrkitError

BRANCH = "main"
REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?/?")
LAB = "http://127.0.0.1:8888/lab/tree/work/"  # where `make lab` serves the reader's own copies
NOTE = """<p class="open-in-note">JupyterLab: start it with <code>make lab</code> in your clone of the repository; the
button then opens your own copy of this notebook, <code>work/{notebook}</code>, in the browser in which JupyterLab has
opened. Download: the notebook alone, without the kit and its pictures.</p>"""


def launch_links(notebook: str, repository: str = "") -> str:
    """Return the links of a notebook, given by its file's name, as one line of HTML.

    `repository` is the address of the public repository on GitHub; without it, there is nothing that Binder and Colab
    could open. Raises HdrkitError where it is another address.
    """
    links = {"JupyterLab": LAB + notebook}
    if repository:
        if not (found := REPOSITORY.fullmatch(repository)):
            raise HdrkitError(f"HDRKIT_REPOSITORY={repository}: must be https://github.com/OWNER/NAME")
        path = f"notebooks/{notebook}"
        links["Binder"] = f"https://mybinder.org/v2/gh/{found[1]}/{BRANCH}?urlpath={quote(f'lab/tree/{path}', safe='')}"
        links["Colab"] = f"https://colab.research.google.com/github/{found[1]}/blob/{BRANCH}/{path}"
    anchors = "".join(f'<a href="{address}">{name}</a>' for name, address in links.items())
    download = f'<a href="{notebook}" download>Download</a>'
    note = " ".join(NOTE.format(notebook=notebook).split())
    return f'<div class="open-in">Open in {anchors} or {download}{note}</div>'
