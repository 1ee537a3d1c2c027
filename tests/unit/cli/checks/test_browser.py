import sys

import pytest

from hdrkit.cli.checks import browser
from hdrkit.cli.checks.check import NOTE, OK, WARNING


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A function that makes the one program on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser.ASKED, raising=False)
    monkeypatch.setattr(browser, "ELSEWHERE", {})

    def write(name, script):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    return write


posix = pytest.mark.skipif(sys.platform == "win32", reason="a program for Windows is no script")


def test_no_browser_is_a_note(program):
    check = browser.browser()
    assert check.state == NOTE and "no Chromium" in check.found and browser.ASKED in check.advice


def test_a_browser_that_is_named_must_be_there(program, monkeypatch):
    monkeypatch.setenv(browser.ASKED, "/no/such/browser")
    check = browser.browser()
    assert check.state == WARNING and check.found == "HDRKIT_CHROMIUM names /no/such/browser, which is no program"


@posix
def test_a_browser_says_its_version(program, monkeypatch):
    path = program("google-chrome", "echo Chrome 1.2")
    assert browser.browser() == browser.Check("browser", OK, f"Chrome 1.2, {path}")
    monkeypatch.setenv(browser.ASKED, program("my-own", "echo Mine 3"))
    assert browser.browser().found.startswith("Mine 3")


@posix
def test_a_browser_that_does_not_start_is_told(program):
    """As Ubuntu's `chromium-browser`, which only says to install something else."""
    path = program("chromium-browser", "echo get the snap; exit 1")
    assert browser.browser() == browser.Check("browser", WARNING, f"{path} does not start", browser.INSTALL)


@posix
def test_a_browser_of_no_path_is_found(program, monkeypatch, tmp_path):
    path = program("elsewhere", "echo Chrome")
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    monkeypatch.setattr(browser, "ELSEWHERE", {sys.platform: ["$ProgramFiles/elsewhere"]})
    assert browser.find_chromium() == path
