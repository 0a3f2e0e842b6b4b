"""What is loaded ahead is there, and loading it needs nothing else."""

import json
import subprocess
import sys

import pytest

from vidaudit.run.ahead import load_ahead


def test_all_of_it_is_loaded_beside() -> None:
    program = (
        "import json, sys\n"
        "from vidaudit.run import ahead\n"
        "before = [name for name in ahead._LATER if name in sys.modules]\n"
        "ahead.load_ahead().join()\n"
        "print(json.dumps([before, [name for name in ahead._LATER if name not in sys.modules]]))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [[], []]
    assert run.stderr == ""


@pytest.mark.parametrize("asks_registry", [True, False])
def test_what_asks_the_registry_is_loaded_where_it_is_asked(asks_registry: bool) -> None:
    program = (
        "import sys\n"
        "from vidaudit.run.ahead import load_ahead\n"
        f"load_ahead(asks_registry={asks_registry}).join()\n"
        "print('sqlalchemy' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(asks_registry)


def test_it_keeps_nobody_from_ending() -> None:
    assert load_ahead().daemon
