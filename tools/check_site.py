"""Read a built site as a browser would: links that lead nowhere, pictures without a text, pages too large."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

LARGEST = 8 * 2**20  # bytes of a page


def problems(site: Path) -> list[str]:
    """Return a line for each thing that is wrong on a page of a site."""
    pages = {path.resolve(): BeautifulSoup(path.read_bytes(), "lxml") for path in _pages(site)}
    anchors = {path: {*_values(soup, "id"), *_values(soup, "name")} for path, soup in pages.items()}
    found = []
    for path, soup in pages.items():
        name = path.relative_to(site.resolve()).as_posix()
        if path.stat().st_size > LARGEST:
            found.append(f"{name}: {path.stat().st_size / 2**20:.1f} MB, more than {LARGEST >> 20}")
        found += [f"{name}: a picture without a text: {str(tag.get('src'))[:60]}"
                  for tag in soup.select("img") if not tag.get("alt")]  # fmt: skip
        links = dict.fromkeys(_values(soup, "href") + _values(soup, "src"))
        found += [f"{name}: {why}" for link in links if (why := _broken(link, path, anchors))]
    return found


def _values(soup: BeautifulSoup, attribute: str) -> list[str]:
    return [str(tag[attribute]) for tag in soup.select(f"[{attribute}]")]


def _pages(site: Path) -> list[Path]:
    """Return the pages of a site; the theme keeps templates among its own files."""
    return [path for path in sorted(site.rglob("*.html")) if not path.is_relative_to(site / "_static")]


def _broken(link: str, page: Path, anchors: dict[Path, set[str]]) -> str | None:
    """Return what is wrong with a link on a page, or None."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.exists():
        return f"{link} leads nowhere"
    anchor = unquote(parts.fragment)
    if anchor and target in anchors and anchor not in anchors[target]:
        return f"{link}: no such place on that page"
    return None
