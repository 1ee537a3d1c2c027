import subprocess
import sys
import threading

from hdrkit.widgets.background import Newest


def test_what_has_not_begun_gives_way_to_the_newest():
    begun, go_on, done, seen = threading.Event(), threading.Event(), [], []

    def work(request):
        done.append(request)
        begun.set()
        go_on.wait(10)
        seen.append(newest.superseded())

    newest = Newest(work)
    newest.ask("first")
    assert begun.wait(10)
    newest.ask("second")
    newest.ask("third")
    go_on.set()
    newest.finish()
    assert done == ["first", "third"] and seen == [True, False]


def test_it_works_again_after_it_has_finished_or_failed(monkeypatch):
    failures, done = [], []
    monkeypatch.setattr(threading, "excepthook", lambda what: failures.append(what.exc_type))
    newest = Newest(lambda request: done.append(1 / request))
    for request in (1, 0, 2):
        newest.ask(request)
        newest.finish()
    assert done == [1, 0.5] and failures == [ZeroDivisionError]


def test_python_ends_at_once_and_in_peace_while_there_is_work():
    script = (
        "import itertools, time\nfrom hdrkit.widgets.background import Newest\n"
        "def work(request):\n    for step in itertools.count():\n        time.sleep(0.01)\n"
        "        if newest.superseded():\n            return print('gave up')\n"
        "newest = Newest(work)\nnewest.ask(1)\ntime.sleep(0.1)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "gave up\n", "")
