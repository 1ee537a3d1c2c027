"""What the package never does, whatever a file says: unpickle, run code, call a shell, or listen to other machines."""

import ast

import pytest

from hdrkit.core.files import PACKAGE

FILES = sorted([*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "tools").glob("*.py")])
PICKLES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"}
FORBIDDEN = {"eval", "exec", "compile", "popen", "read_pickle", "to_pickle", "unpack_archive", "extractall"}
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def calls(tree):
    """Return the name of each function that is called, and its call; of a method, the last part."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), node)
        for node in found
    ]


def option(call, name):
    return next((ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == name), None)


@every_file
def test_no_file_is_unpickled_and_no_text_is_run(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & PICKLES
    for name, call in calls(tree):
        assert ast.unparse(call.func) != "os.system"
        if not (name == "compile" and ast.unparse(call.func) in ("re.compile", "model.compile", "self.compile")):
            assert name not in FORBIDDEN, ast.unparse(call)
        if ast.unparse(call.func) in ("np.load", "numpy.load"):
            assert option(call, "allow_pickle") == "False", ast.unparse(call)
        if name == "load_model":
            assert option(call, "safe_mode") == "True", ast.unparse(call)
        if ast.unparse(call.func).startswith("yaml."):
            assert name in ("safe_load", "scan"), ast.unparse(call)
        assert option(call, "shell") in (None, "False"), ast.unparse(call)


@every_file
def test_only_the_lab_of_a_container_listens_to_other_machines(path):
    text = path.read_text(encoding="utf-8")
    assert ("0.0.0.0" in text) == (path.name == "server.py")
    assert not {"bind", "listen", "HTTPServer", "TCPServer"} & {name for name, _ in calls(ast.parse(text))}
