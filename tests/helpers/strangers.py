"""Names and texts as a stranger might give them, to whoever puts them into a page, a path or a shell."""

SCRIPT = "<script>window.harmed = 1</script>"
IMAGE = '"><img src=x onerror="window.harmed = 1">'
TEXTS = (
    *(SCRIPT, IMAGE, "'><svg onload=window.harmed=1>", "</script></style></title><b>&amp;"),
    *("${window.harmed=1}`{{1}}", "javascript:window.harmed=1", "$(touch harmed);`touch harmed`|&"),
    "\x1b[31m\x07 red\r\n",
)
FOLDERS = tuple(text.replace("/", "∕") for text in TEXTS)  # a name of a file holds no slash


def unharmed(page):
    """Tell that nothing of it ran, and none of it became a part of the page."""
    ours = "[onerror], svg[onload], a[href^=javascript], img[src=x]"
    return page.evaluate("window.harmed === undefined") and page.locator(ours).count() == 0
