import json
import os
import signal
import socket
import threading

import numpy as np
import pytest

from autoarray import UniformPrior, exc
from autogalaxy.inference import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.termination import Termination
from autogalaxy.inference.verdict import Finding


class Counting(AbstractSearch):
    """Counts to ``upto`` and saves after every number; ``ends`` says what happens at which number."""

    def __init__(self, upto=5, ends=None, **settings):
        super().__init__(show_progress=False, check_over_sampling=False, checkpoint_interval=0.0, **settings)
        self.upto = upto
        self._ends = ends or {}
        self._counted = []

    def _search(self, model, analysis, progress):
        kept = self.checkpoint.load()
        begin = 0 if kept is None else int(kept["number"])
        interrupted = False
        try:
            for number in range(begin + 1, self.upto + 1):
                self._ends.pop(number, lambda: None)()
                self._counted.append(number)
                if self.checkpoint.is_due():
                    self.checkpoint.save(number=np.array(number))
        except KeyboardInterrupt:
            interrupted = True
        vector = model.physical_values_from_prior_medians
        return Samples(model, [vector], [-1.5]), {"interrupted": interrupted, "log_likelihood": -1.5}


@pytest.fixture
def problem(lines):
    return lines.two_lines(), lines.AnalysisLines(lines.data_with_noise())


def die():
    raise MemoryError


def interrupt():
    raise KeyboardInterrupt


def terminate():
    signal.raise_signal(signal.SIGTERM)


def test_a_search_that_died_goes_on_where_it_was_saved(tmp_path, problem):
    search = Counting(output_path=tmp_path, ends={4: die})
    with pytest.raises(MemoryError):
        search.fit(*problem)
    assert (tmp_path / "checkpoints").is_dir() and not (tmp_path / "result.json").exists()

    search.fit(*problem)

    assert search._counted == [1, 2, 3, 4, 5]
    assert not (tmp_path / "checkpoints").exists()


def test_a_finished_fit_is_read_and_not_run_again(tmp_path, problem):
    search = Counting(output_path=tmp_path)
    first = search.fit(*problem)
    second = search.fit(*problem)

    assert search._counted == [1, 2, 3, 4, 5]
    assert np.array_equal(second.samples.parameters, first.samples.parameters)
    assert second.log_likelihood == -1.5 and second.analysis is problem[1]
    assert second.search_info["total_seconds"] == first.search_info["total_seconds"]
    search.fit(*problem, overwrite=True)
    assert search._counted == 2 * [1, 2, 3, 4, 5]


def test_an_interrupted_fit_is_written_and_goes_on(tmp_path, problem):
    search = Counting(output_path=tmp_path, ends={3: interrupt})
    search.fit(*problem)
    assert json.loads((tmp_path / "result.json").read_text())["finished"] is False

    search.fit(*problem)

    assert search._counted == [1, 2, 3, 4, 5]
    assert json.loads((tmp_path / "result.json").read_text())["finished"] is True


def test_a_signal_to_terminate_saves_and_ends_the_process(tmp_path, problem):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        Counting(output_path=tmp_path, ends={3: terminate}).fit(*problem)

    assert ended.value.code == 143
    assert json.loads((tmp_path / "result.json").read_text())["finished"] is False
    assert signal.getsignal(signal.SIGTERM) is before
    assert not (tmp_path / ".lock").exists()
    again = Counting(output_path=tmp_path)
    again.fit(*problem)
    assert again._counted == [3, 4, 5]


def test_a_handler_of_the_user_is_called_afterwards(problem):
    called = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: called.append(number))
    try:
        result = Counting(ends={3: terminate}).fit(*problem)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert called == [signal.SIGTERM] and result.search_info["interrupted"]


def test_a_search_within_a_search_leaves_the_ending_to_the_outer_one():
    with pytest.raises(SystemExit), Termination() as outer:
        with pytest.raises(KeyboardInterrupt), Termination() as inner:
            terminate()
        terminate()  # the second time it changes nothing
        assert outer.was_asked_for and not inner.was_asked_for


def test_interruptions_from_the_keyboard_are_counted():
    before = Termination.requests
    with Termination(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert Termination.requests == before + 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_have_no_signals(problem):
    found = []
    thread = threading.Thread(target=lambda: found.append(Counting().fit(*problem)))
    thread.start()
    thread.join()
    assert found[0].log_likelihood == -1.5


@pytest.mark.parametrize("is_finished", [True, False])
def test_the_folder_of_another_fit_is_refused_and_the_difference_named(tmp_path, lines, problem, is_finished):
    model, analysis = problem
    search = Counting(output_path=tmp_path, ends={} if is_finished else {4: die})
    try:
        search.fit(*problem)
    except MemoryError:
        pass
    held = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    wider = lines.two_lines()
    wider.lines.b.intensity = UniformPrior(0.0, 8.0)

    with pytest.raises(exc.FileException, match=r"settings \(at upto: there 5, here 6\).*overwrite=True"):
        Counting(upto=6, output_path=tmp_path).fit(*problem)
    with pytest.raises(exc.FileException, match=r"model \(at lines.b.intensity: there .*10.0.*, here .*8.0"):
        search.fit(wider, analysis)
    with pytest.raises(exc.FileException, match=r"data \(at data: there"):
        search.fit(model, lines.AnalysisLines(lines.data_without_noise()))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == held
    Counting(upto=6, output_path=tmp_path).fit(*problem, overwrite=True)
    assert json.loads((tmp_path / "result.json").read_text())["finished"]


def test_results_that_do_not_say_what_they_are_of_are_refused(tmp_path, problem):
    (tmp_path / "result.json").write_text("{}")
    with pytest.raises(exc.FileException, match="do not say what they are of"):
        Counting(output_path=tmp_path).fit(*problem)


def test_a_prefix_gives_each_fit_a_folder_of_its_own(tmp_path, problem):
    for upto in (3, 4):
        Counting(upto, path_prefix=tmp_path / "lens", name="first").fit(*problem)
    tagged = Counting(4, path_prefix=tmp_path / "lens", name="first", unique_tag="x")
    identifier = tagged.fit(*problem).identity.identifier

    folders = sorted(path.parent for path in tmp_path.rglob("result.json"))
    assert len(folders) == 3 and {folder.parent for folder in folders} == {tmp_path / "lens" / "first"}
    assert identifier in {folder.name for folder in folders}


def test_a_second_writer_is_refused(tmp_path, problem):
    def second():
        with pytest.raises(exc.FileException, match=f"is being written by process {os.getpid()}"):
            Counting(output_path=tmp_path).fit(*problem)

    search = Counting(output_path=tmp_path, ends={2: second})
    search.fit(*problem)
    assert search._counted == [1, 2, 3, 4, 5]


def test_the_summary_names_no_machine_and_no_path(tmp_path, problem):
    Counting(output_path=tmp_path / "somewhere").fit(*problem)
    text = "".join(path.read_text() for path in (tmp_path / "somewhere").glob("*.json"))
    written = json.loads((tmp_path / "somewhere" / "result.json").read_text())

    assert str(tmp_path) not in text and "somewhere" not in text
    assert socket.gethostname() not in text
    assert {"python", "numpy", "scipy", "autogalaxy-xp"} <= set(written["versions"])
    assert set(written["files"]) == {"model.json", "samples.npz", "samples.csv"}


def test_a_warning_of_the_checkpoint_is_in_the_result(tmp_path, problem):
    search = Counting(output_path=tmp_path, ends={4: die})
    with pytest.raises(MemoryError):
        search.fit(*problem)
    for path in (tmp_path / "checkpoints").iterdir():
        path.write_bytes(b"x")
    result = search.fit(*problem)

    assert search._counted == [1, 2, 3, 1, 2, 3, 4, 5]
    (warning,) = result.search_info["checkpoint_warnings"]
    assert "starts anew" in warning


def test_a_verdict_that_was_given_is_written_and_read(tmp_path, problem):
    finding = Finding("agreement", "check", "One start alone reached the best fit.", 1.0, 3.0)

    class Judged(type(problem[1])):
        def verdict_findings_from(self, instance, model):
            return [finding]

    Counting(output_path=tmp_path).fit(problem[0], Judged(problem[1].data))
    written = json.loads((tmp_path / "result.json").read_text())["verdict"]
    again = Counting(output_path=tmp_path).fit(problem[0], Judged(problem[1].data)).verdict

    assert finding.to_dict() in written["findings"] and finding.text in written["reasons"]
    assert finding in again.findings and again.grade == written["grade"] != "good"
