"""Read a built site as a browser would: links that lead nowhere, pictures without a text, headings out of order, pages
too large, and whatever would be fetched from another host.
"""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

LARGEST = 8 * 2**20  # bytes of a page
FETCHED = "//@src | //@srcset | //object/@data | //link[not(contains('next prev search index canonical', @rel))]/@href"
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")
HEADINGS = "//*[re:test(name(), '^h[1-6]$')][not(ancestor::*[@id='jb-print-docs-body'])]"  # which the theme prints only
REGULAR_EXPRESSIONS = {"re": "http://exslt.org/regular-expressions"}


def problems(site: Path) -> list[str]:
    """Return a line for each thing that is wrong on a page of a site."""
    pages = {path.resolve(): _parsed(path) for path in _pages(site)}
    anchors = {path: {unquote(anchor) for anchor in page.xpath("//@id | //a/@name")} for path, page in pages.items()}
    found = []
    for path, page in pages.items():
        links = dict.fromkeys(page.xpath("//@href | //@src"))
        wrong = [why for link in links if (why := _broken(link, path, anchors))]
        wrong += _too_large(path) + _unsaid(page) + _out_of_order(page) + _from_elsewhere(page)
        found += [f"{path.relative_to(site.resolve()).as_posix()}: {why}" for why in wrong]
    for path in sorted(site.rglob("*.css")):
        found += [f"{path.relative_to(site).as_posix()}: {link} is fetched from another host"
                  for link in IN_STYLE.findall(path.read_text(encoding="utf-8"))]  # fmt: skip
    return found


def _pages(site: Path) -> list[Path]:
    """Return the pages of a site; the theme keeps templates among its own files."""
    return [path for path in sorted(site.rglob("*.html")) if not path.is_relative_to(site / "_static")]


def _parsed(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(huge_tree=True, encoding="utf-8"))


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


def _too_large(page: Path) -> list[str]:
    size = page.stat().st_size
    return [f"{size / 2**20:.1f} MB, more than {LARGEST >> 20}"] if size > LARGEST else []


def _unsaid(page: html.HtmlElement) -> list[str]:
    """Return what says nothing to those who do not see it: pages without a title, pictures without a text."""
    found = [] if page.findtext(".//title") else ["a page without a title"]
    pictures = page.xpath("//img[not(@alt) or @alt='']/@src")
    return found + [f"a picture without a text: {source[:60]}" for source in pictures]


def _out_of_order(page: html.HtmlElement) -> list[str]:
    """Return what is wrong with the headings: a page has one of the first level, and none skips a level."""
    headings = page.xpath(HEADINGS, namespaces=REGULAR_EXPRESSIONS)
    levels = [(int(each.tag[1]), " ".join(each.text_content().split())) for each in headings]
    firsts = sum(level == 1 for level, _ in levels)
    found = [] if firsts == 1 else [f"{firsts} headings of the first level"]
    return found + [f"the heading {text!r} skips a level" for (above, _), (level, text) in pairwise(levels)
                    if level > above + 1]  # fmt: skip


def _from_elsewhere(page: html.HtmlElement) -> list[str]:
    """Return what a browser would fetch from another host before anyone follows a link."""
    styles = " ".join(page.xpath("//style/text() | //@style"))
    links = [link for link in page.xpath(FETCHED) if urlsplit(link).netloc] + IN_STYLE.findall(styles)
    return [f"{link} is fetched from another host" for link in links]
