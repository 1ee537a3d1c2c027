"""The API reference has all rooms, and each page all modules of its room."""

import re

from api_pages import write_api_pages

from hdrkit.core.files import DATA, PACKAGE

API = DATA.parent / "docs" / "site" / "api.rst"


def test_every_module_is_on_the_page_of_its_room(tmp_path):
    write_api_pages(tmp_path / "api")
    page = (tmp_path / "api" / "cli.rst").read_text(encoding="utf-8")
    modules = set(re.findall(r"^\.\. automodule:: ([\w.]+)$", page, re.M))
    assert {"hdrkit.cli", "hdrkit.cli.main", "hdrkit.cli.checks", "hdrkit.cli.checks.browser"} <= modules
    assert len(modules) == len([*(PACKAGE / "cli").rglob("*.py")])


def test_the_reference_lists_every_room(tmp_path):
    write_api_pages(tmp_path / "api")
    listed = re.findall(r"^   api/(\w+)$", API.read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted(path.stem for path in (tmp_path / "api").iterdir())


def test_a_repository_has_the_source(tmp_path):
    write_api_pages(tmp_path / "api", "https://github.com/owner/name")
    page = (tmp_path / "api" / "core.rst").read_text(encoding="utf-8")
    assert "`hdrkit/core/files.py <https://github.com/owner/name/blob/main/hdrkit/core/files.py>`__" in page
