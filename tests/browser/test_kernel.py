"""What students see of what their kernel prints."""

from playwright.sync_api import expect

NOISE = """import os, sys
os.write(2, b"what C++ says of itself\\n")  # as TensorFlow does, past Python's sys.stderr
os.system("echo a program speaks >&2")
print("said")
print("warned", file=sys.stderr)"""


def test_what_c_code_prints_goes_to_the_log_and_not_into_the_notebook(run_cell, folder):
    outputs = run_cell("noise", NOISE).locator(".jp-OutputArea-output")
    expect(outputs).to_have_text(["said", "warned"])  # Python's own words, on either stream, stay
    log = (folder / "lab.log").read_text(encoding="utf-8")
    assert "what C++ says of itself" in log and "a program speaks" in log
    assert "said" not in log and "warned" not in log
