import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from tests.run.work import clip_tasks, evidence_of, pretend, process_id, shouted, steady, task
from vidaudit.errors import SetupError, UsageError
from vidaudit.model.evidence import ClipEvidence, FailureKind
from vidaudit.model.settings import Limits
from vidaudit.model.submission import ClipKind
from vidaudit.run import engines
from vidaudit.run.clip import ClipTask, Stage, observe_clip
from vidaudit.run.engines import DaskEngine, Engine, LocalEngine, Progress, make_engine, num_cores
from vidaudit.run.worker import set_up

LIMITS = Limits(clip_s=60, clip_memory_mib=2048)
WAITING, DONE = Progress(stage=Stage.WAITING, share=0.0), Progress(stage=Stage.DONE, share=1.0)
ROOT = Path(__file__).parents[2]


def children(process: psutil.Process | None = None) -> set[psutil.Process]:
    """The workers of a process; the helper that cleans up after Python's own shared memory doesn't count."""
    found = (process or psutil.Process()).children(recursive=True)
    return {child for child in found if "resource_tracker" not in " ".join(child.cmdline())}


@pytest.fixture(autouse=True)
def no_worker_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever happens to the workers; a cluster makes up for those that it loses."""
    before = children()
    yield
    if "scheduler" in request.fixturenames:
        return
    _, alive = psutil.wait_procs(children() - before, timeout=5)
    assert alive == []


def run_all(engine: Engine, tasks: Sequence[ClipTask]) -> dict[int, ClipEvidence]:
    return evidence_of(list(engine.run(tasks)))


def all_steady(results: dict[int, ClipEvidence]) -> dict[int, ClipEvidence]:
    return {number: steady(evidence) for number, evidence in results.items()}


def failures(results: dict[int, ClipEvidence], tasks: Sequence[ClipTask]) -> dict[str, FailureKind | None]:
    assert {number: evidence.path for number, evidence in results.items()} == {
        number: one.path for number, one in enumerate(tasks)
    }
    return {evidence.path: evidence.failure.kind if evidence.failure else None for evidence in results.values()}


def test_workers_see_what_this_process_sees() -> None:
    tasks = [*clip_tasks("room.mp4", "room-768x1024.mp4"), *clip_tasks("room-1280x720.mp4", kind=ClipKind.FACE)]
    results = run_all(LocalEngine(jobs=2, limits=LIMITS), tasks)
    assert all_steady(results) == all_steady({number: observe_clip(one) for number, one in enumerate(tasks)})


def test_no_tasks_no_workers() -> None:
    engine = LocalEngine(jobs=2, limits=LIMITS)
    assert run_all(engine, []) == {}
    assert engine.progress() == []


def test_what_breaks_a_worker_is_one_row_and_the_rest_go_on() -> None:
    names = ("raise", "crash", "fine0", "killed", "no-memory", "unpicklable", "fine1", "fine2")
    tasks = [task(name) for name in names]
    results = run_all(LocalEngine(jobs=2, limits=LIMITS, observe=pretend), tasks)
    assert failures(results, tasks) == {
        "raise": FailureKind.EXCEPTION,
        "crash": FailureKind.CRASHED,
        "killed": FailureKind.CRASHED,
        "no-memory": FailureKind.OUT_OF_MEMORY,
        "unpicklable": FailureKind.EXCEPTION,
        "fine0": None,
        "fine1": None,
        "fine2": None,
    }
    details = {evidence.path: evidence.failure.detail for evidence in results.values() if evidence.failure}
    assert details["raise"] == "ValueError: a hostile number"
    assert details["unpicklable"] == "UnpicklableError: one"
    assert "exit code 7" in details["crash"]


def test_time_and_memory_are_limited_for_each_clip() -> None:
    limits = Limits(clip_s=4, clip_memory_mib=400)
    tasks = [task(name) for name in ("hang", "hungry", "fine0", "fine1")]
    results = run_all(LocalEngine(jobs=2, limits=limits, observe=pretend), tasks)
    assert failures(results, tasks) == {
        "hang": FailureKind.TIMED_OUT,
        "hungry": FailureKind.OUT_OF_MEMORY,
        "fine0": None,
        "fine1": None,
    }
    details = {evidence.path: evidence.failure.detail for evidence in results.values() if evidence.failure}
    assert details == {"hang": "not done after 4 s", "hungry": "needed more than 400 MiB"}


def test_one_worker_after_the_other_dies_and_all_clips_have_a_row() -> None:
    """More tasks than fit into the pipe to the workers, and only one worker at a time."""
    names = [f"{'crash' if number % 50 == 0 else 'fine'}{number}" for number in range(150)]
    tasks = [task(name) for name in names]
    results = run_all(LocalEngine(jobs=1, limits=LIMITS, observe=pretend), tasks)
    assert failures(results, tasks) == {
        name: FailureKind.CRASHED if name.startswith("crash") else None for name in names
    }


def start_and_die(*_: object) -> None:
    os._exit(3)


class DieOnce:
    """Prepares workers, but the first of them dies of it."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __call__(self, slots: object, memory_mib: int) -> None:
        with contextlib.suppress(FileExistsError):
            self.marker.touch(exist_ok=False)
            os._exit(3)
        set_up(slots, memory_mib)


def test_workers_that_all_die_while_starting_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "set_up", start_and_die)
    tasks = [task(f"fine{number}") for number in range(150)]
    results = run_all(LocalEngine(jobs=1, limits=LIMITS, observe=pretend), tasks)
    assert set(failures(results, tasks).values()) == {FailureKind.CRASHED}
    assert results[0].failure is not None
    assert results[0].failure.detail == "no worker process could be started"


def test_one_worker_that_dies_while_starting_is_made_good(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    marker = tmp_path / "died"
    monkeypatch.setattr(engines, "set_up", DieOnce(marker))
    tasks = [task(f"fine{number}") for number in range(3)]
    results = run_all(LocalEngine(jobs=1, limits=LIMITS, observe=pretend), tasks)
    assert set(failures(results, tasks).values()) == {None}
    assert marker.exists()


def test_what_breaks_a_worker_is_without_a_result_and_the_rest_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_ITEM_S", 3.0)
    names = ["a", "hang", "crash", "unpicklable", "b", "c"]
    results = list(LocalEngine(jobs=2, limits=LIMITS).each(shouted, names))
    assert sorted(results) == [(0, "A"), (1, None), (2, None), (3, None), (4, "B"), (5, "C")]
    assert list(LocalEngine(jobs=2, limits=LIMITS).each(shouted, [])) == []


def test_where_no_worker_starts_there_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "set_up", start_and_die)
    results = LocalEngine(jobs=1, limits=LIMITS).each(shouted, ["a", "b"])
    assert sorted(results) == [(0, None), (1, None)]


def test_workers_that_are_kept_do_what_comes_after_a_run() -> None:
    engine = LocalEngine(jobs=1, limits=LIMITS, observe=pretend)
    with engine.kept():
        run_all(engine, [task("fine0")])
        kept = {child.pid for child in children()}
        assert {found for _, found in engine.each(process_id, range(3))} <= kept
        assert {found for _, found in engine.each(process_id, range(3))} <= kept
        run_all(engine, [task("fine1")])
    assert all(child.status() == psutil.STATUS_ZOMBIE for child in children())
    (alone,) = engine.each(process_id, [0])
    assert alone[1] not in kept


def test_workers_that_are_started_ahead_do_the_run() -> None:
    engine = LocalEngine(jobs=2, limits=LIMITS, observe=pretend)
    with engine.kept():
        engine.start()
        ahead = {child.pid for child in children()}
        assert len(ahead) == 2
        engine.start()  # they are there
        assert set(run_all(engine, [task("fine0"), task("fine1"), task("fine2")])) == {0, 1, 2}
        assert engine.progress() == [DONE] * 3
        assert {found for _, found in engine.each(process_id, range(4))} <= ahead
        assert {child.pid for child in children()} == ahead


def test_clips_that_break_workers_that_were_started_ahead() -> None:
    engine = LocalEngine(jobs=2, limits=LIMITS, observe=pretend)
    tasks = [task("crash"), task("fine0"), task("killed"), task("fine1")]
    with engine.kept():
        engine.start()
        results = run_all(engine, tasks)
    crashed = FailureKind.CRASHED
    assert failures(results, tasks) == {"crash": crashed, "fine0": None, "killed": crashed, "fine1": None}


def test_workers_that_die_while_they_get_ready_are_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(jobs=1, limits=LIMITS, observe=pretend)
    with engine.kept(), monkeypatch.context() as broken:
        broken.setattr(engines, "set_up", start_and_die)
        engine.start()
        broken.undo()
        assert run_all(engine, [task("fine0")])[0].failure is None


def test_more_clips_than_workers_ahead_can_report_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_SLOTS_AHEAD", 2)
    engine = LocalEngine(jobs=1, limits=LIMITS, observe=pretend)
    with engine.kept():
        engine.start()
        assert set(run_all(engine, [task(f"fine{number}") for number in range(3)])) == {0, 1, 2}
        assert engine.progress() == [DONE] * 3


@pytest.mark.parametrize(("jobs", "num_ahead"), [(4, 4), (5, 0)])
def test_of_many_workers_none_is_started_ahead(jobs: int, num_ahead: int) -> None:
    engine = LocalEngine(jobs=jobs, limits=LIMITS, observe=pretend)
    with engine.kept():
        engine.start()
        assert len(children()) == num_ahead


def test_workers_that_are_dismissed_end_while_this_process_goes_on() -> None:
    engine = LocalEngine(jobs=1, limits=LIMITS, observe=pretend)
    with engine.kept():
        run_all(engine, [task("fine0")])
        before = children()
        assert before
        engine.dismiss()
        assert psutil.wait_procs(before, timeout=10)[1] == []
        engine.dismiss()  # nobody is left
        assert set(run_all(engine, [task("fine1")])) == {0}


def test_an_interruption_ends_kept_workers() -> None:
    engine = LocalEngine(jobs=1, limits=LIMITS, observe=pretend)

    def interrupted() -> None:
        with engine.kept():
            run_all(engine, [task("fine0")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all(child.status() == psutil.STATUS_ZOMBIE for child in children())


def test_progress_says_how_far_each_clip_is() -> None:
    engine = LocalEngine(jobs=1, limits=Limits(clip_s=2), observe=pretend)
    tasks = [task("hang", size=1), task("fine0", size=9)]
    assert engine.progress() == []
    results = engine.run(tasks)
    assert next(results)[0] == 1  # the larger one comes first
    deadline = time.monotonic() + 10
    while engine.progress()[0] == WAITING and time.monotonic() < deadline:
        time.sleep(0.02)
    assert engine.progress() == [Progress(stage=Stage.WATCHING, share=0.5), DONE]
    assert [number for number, _ in results] == [0]
    assert engine.progress() == [DONE, DONE]


def test_real_clips_report_every_stage() -> None:
    said: list[tuple[Stage, float]] = []
    (one,) = clip_tasks("room.mp4", kind=ClipKind.FACE)
    observe_clip(one, lambda stage, share: said.append((stage, share)))
    assert list(dict.fromkeys(stage for stage, _ in said)) == [Stage.READING, Stage.WATCHING, Stage.RECOGNISING]
    assert [share for _, share in said] == sorted(share for _, share in said)
    assert all(0 <= share < 1 for _, share in said)


def test_a_run_that_is_given_up_leaves_no_worker() -> None:
    results = LocalEngine(jobs=2, limits=LIMITS, observe=pretend).run([task("fine0", size=9), task("hang")])
    next(results)
    assert len(children()) >= 1
    results.close()
    assert all(child.status() == psutil.STATUS_ZOMBIE for child in children())


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_workers_end_when_their_parent_is_killed() -> None:
    code = (
        "from tests.run.work import pretend, task\n"
        "from vidaudit.run.engines import LocalEngine, Limits\n"
        "if __name__ == '__main__':\n"
        "    engine = LocalEngine(jobs=1, limits=Limits(), observe=pretend)\n"
        "    for _ in engine.run([task('fine0', size=9), task('hang')]):\n"
        "        print('begun', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    workers = children(psutil.Process(process.pid))
    assert workers
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []


@pytest.mark.parametrize(
    ("name", "jobs", "scheduler", "problem"),
    [
        ("dask", None, None, "needs --scheduler"),
        ("dask", 2, "", "needs --scheduler"),
        ("local", 2, "tcp://a:1", "goes with"),
    ],
)
def test_options_that_dont_fit_the_engine(name: str, jobs: int | None, scheduler: str | None, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        make_engine(name, jobs=jobs, scheduler=scheduler, limits=LIMITS)


def test_all_cores_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= num_cores() <= (os.cpu_count() or 1)
    monkeypatch.setattr(engines, "num_cores", lambda: 5)
    for jobs, expected in ((None, 5), (3, 3)):
        engine = make_engine("local", jobs=jobs, scheduler=None, limits=LIMITS)
        assert isinstance(engine, LocalEngine)
        assert engine._jobs == expected
    assert isinstance(make_engine("dask", jobs=None, scheduler="tcp://a:1", limits=LIMITS), DaskEngine)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of one worker with two threads, in a process of its own."""
    distributed = pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, silence_logs=50) as cluster,
    ):
        yield cluster.scheduler_address


def test_a_cluster_sees_what_this_process_sees(scheduler: str) -> None:
    tasks = [*clip_tasks("room.mp4", "room-768x1024.mp4"), *clip_tasks("room-1280x720.mp4", kind=ClipKind.FACE)]
    engine = DaskEngine(scheduler=scheduler, limits=LIMITS)
    assert engine.progress() == []
    results = run_all(engine, tasks)
    assert all_steady(results) == all_steady({number: observe_clip(one) for number, one in enumerate(tasks)})
    assert engine.progress() == [DONE] * 3


def test_on_a_cluster_too_what_breaks_is_one_row(scheduler: str) -> None:
    tasks = [task(name) for name in ("raise", "unpicklable", "no-memory", "fine0")]
    results = run_all(DaskEngine(scheduler=scheduler, limits=LIMITS, observe=pretend), tasks)
    assert failures(results, tasks) == {
        "raise": FailureKind.EXCEPTION,
        "unpicklable": FailureKind.EXCEPTION,
        "no-memory": FailureKind.OUT_OF_MEMORY,
        "fine0": None,
    }
    tasks = [task("crash")]
    results = run_all(DaskEngine(scheduler=scheduler, limits=LIMITS, observe=pretend), tasks)
    assert failures(results, tasks) == {"crash": FailureKind.CRASHED}


def test_on_a_cluster_what_breaks_is_without_a_result(scheduler: str) -> None:
    engine = DaskEngine(scheduler=scheduler, limits=LIMITS)
    with engine.kept():
        results = sorted(engine.each(shouted, ["a", "unpicklable", "b"]))
    assert results == [(0, "A"), (1, None), (2, "B")]
    assert list(engine.each(shouted, [])) == []


def test_when_a_cluster_gets_nothing_done_the_rest_is_given_up(scheduler: str) -> None:
    tasks = [task(name) for name in ("slow0", "slow1", "slow2", "fine0")]
    engine = DaskEngine(scheduler=scheduler, limits=Limits(clip_s=0.25), observe=pretend)
    kinds = failures(run_all(engine, tasks), tasks)
    assert FailureKind.TIMED_OUT in kinds.values()
    assert set(kinds.values()) <= {FailureKind.TIMED_OUT, None}


def test_a_cluster_with_nothing_to_do(scheduler: str) -> None:
    assert run_all(DaskEngine(scheduler=scheduler, limits=LIMITS), []) == {}


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://127.0.0.1:9"])
def test_without_a_scheduler_there_is_a_remedy(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(engines, "_DASK_TIMEOUT_S", 0.5)
    with pytest.raises(SetupError, match="Check the address"):
        list(DaskEngine(scheduler=address, limits=LIMITS).run([task("fine0")]))


def test_without_dask_there_is_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SetupError, match=r"pip install 'vidaudit\[dask\]'"):
        list(DaskEngine(scheduler="tcp://127.0.0.1:9", limits=LIMITS).run([]))
