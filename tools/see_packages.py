"""Let this environment see the packages of another one, whose Python is the argument; its own come first.

Templates of pages are copied: nbconvert looks for them in the folder of the environment that runs.
"""

import json
import locale
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PATHS = "import json, sysconfig; print(json.dumps(sysconfig.get_paths()))"
TEMPLATES = Path("share", "jupyter", "nbconvert")

answer = subprocess.run([sys.argv[1], "-c", PATHS], capture_output=True, text=True, check=True).stdout
theirs, own = json.loads(answer), sysconfig.get_paths()
encoding = "utf-8" if sys.version_info >= (3, 13) else locale.getencoding()  # in which Python reads such a file
line = f"import site; site.addsitedir({theirs['purelib']!r})"  # and not the path alone: the kit is a link in there
Path(own["purelib"], "their_packages.pth").write_text(line, encoding=encoding)
shutil.copytree(Path(theirs["data"], TEMPLATES), Path(own["data"], TEMPLATES), dirs_exist_ok=True)
