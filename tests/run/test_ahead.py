"""What is loaded ahead is there, and loading it needs nothing else."""

import json
import subprocess
import sys

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


def test_it_keeps_nobody_from_ending() -> None:
    assert load_ahead().daemon
