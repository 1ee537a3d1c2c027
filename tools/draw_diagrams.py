"""Draw the diagrams of the documents for the site, which has no scripts from elsewhere: mermaid's own drawing, kept.

Needs npm, for mermaid, and a Chromium; run it after a change of a diagram. The name of a drawing is the hash of what it
is drawn from, so that none is ever out of date: the site is not built while one is missing.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from hdrkit.cli.checks.browser import find_chromium

ROOT = Path(__file__).resolve().parents[1]
DRAWINGS = ROOT / "docs" / "site" / "_static" / "diagrams"
FENCE = re.compile(r"^```mermaid\n(?P<source>%% (?P<title>[^\n]*)\n.*?)^```$", re.M | re.S)
MERMAID = "mermaid@11"
LOOK = {"startOnLoad": False, "theme": "neutral", "htmlLabels": False, "flowchart": {"htmlLabels": False}}


def drawing_of(source: str) -> Path:
    """Return the file that holds the drawing of a diagram."""
    return DRAWINGS / f"{hashlib.sha256(source.encode()).hexdigest()[:12]}.svg"


def main() -> None:
    """Draw what is new, and remove what no document has any more."""
    sources = [match["source"] for path in sorted(ROOT.glob("docs/*.md"))
               for match in FENCE.finditer(path.read_text(encoding="utf-8"))]  # fmt: skip
    DRAWINGS.mkdir(parents=True, exist_ok=True)
    for old in set(DRAWINGS.glob("*.svg")) - {drawing_of(source) for source in sources}:
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(["npm", "pack", MERMAID, "--silent"], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            package.extract("package/dist/mermaid.min.js", folder, filter="data")
        page = playwright.chromium.launch(executable_path=find_chromium()).new_page()
        page.add_script_tag(path=Path(folder) / "package" / "dist" / "mermaid.min.js")
        page.evaluate("look => mermaid.initialize(look)", LOOK)
        for source in sources:
            svg = page.evaluate("async source => (await mermaid.render('diagram', source)).svg", source)
            drawing_of(source).write_text(svg + "\n", encoding="utf-8")
            print(f"Written: {drawing_of(source).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
