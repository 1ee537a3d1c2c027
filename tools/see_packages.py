"""Let this environment see the packages of another one, whose Python is the argument; its own come first."""

import subprocess
import sys
import sysconfig
from pathlib import Path

WHERE = 'import sysconfig; print(sysconfig.get_path("purelib"))'

theirs = subprocess.run([sys.argv[1], "-c", WHERE], capture_output=True, text=True, check=True).stdout
Path(sysconfig.get_path("purelib"), "their_packages.pth").write_text(theirs, encoding="utf-8")
