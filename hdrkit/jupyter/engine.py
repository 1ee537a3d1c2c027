"""How papermill runs a notebook here: the executed one is written once, at the end, however it ends.

Papermill itself writes it anew at each cell: with the pictures that it then holds, seconds for each notebook.
"""

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "hdrkit"


class _WritingOnce(NBClientEngine):
    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any) -> None:
        target, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = target  # where papermill writes it next


papermill_engines.register(NAME, _WritingOnce)
