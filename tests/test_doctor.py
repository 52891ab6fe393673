"""The doctor of loss curves: what it must never do, what it knows, which logs it reads, and how often it is right."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrlab import descend, schedules
from lrlab.__main__ import main
from lrlab.doctor import VERDICTS, confusion, confusion_rows, diagnose, picture, read
from lrlab.objectives import cubic, noisy, quadratic, uv_product

LOGS = Path(__file__).with_name("references") / "logs.npz"
RNG = np.random.default_rng(0)
floats = st.floats(width=64) | st.sampled_from([0.0, np.nan, np.inf, -np.inf, 5e-324, 1e308, -1e308, 1.0])
any_losses = arrays(float, st.integers(0, 200), elements=floats)


@settings(deadline=None, max_examples=300)
@given(losses=any_losses)
def test_never_raises_on_any_floats(losses):
    found = diagnose(losses)
    assert found.verdict in VERDICTS
    assert found.sentence
    assert found.advice
    assert (found.factor is None) == (found.verdict == "cannot tell")
    assert picture(losses)


@settings(deadline=None, max_examples=60)
@given(losses=arrays(float, st.tuples(st.integers(0, 60), st.integers(0, 4)), elements=floats))
def test_never_raises_on_any_floats_of_several_runs(losses):
    assert diagnose(losses).verdict in VERDICTS


@settings(deadline=None, max_examples=100)
@given(losses=arrays(float, st.integers(0, 19), elements=floats))
def test_below_20_points_it_cannot_tell(losses):
    assert diagnose(losses).verdict == "cannot tell"


def test_20_points_are_enough_and_integers_are_numbers():
    assert diagnose(np.arange(20, 0, -1)).verdict == "too slow"
    assert diagnose(np.arange(19, 0, -1)).verdict == "cannot tell"
    assert diagnose([*range(18), np.nan]).verdict == "cannot tell"
    assert diagnose([*range(19), np.nan]).verdict == "diverged"


EXAMPLES = {
    "diverged": descend(quadratic((1.0,)), [1.0], 2.5, steps=100).loss,
    "oscillating": descend(cubic(), [0.4], 1.2, steps=200).loss,
    "too slow": descend(quadratic((0.1, 1.0)), [1.0, 1.0], 1e-3, steps=300).loss,
    "noise floor": descend(noisy(quadratic(np.ones(10)), 0.3), np.full(10, 2.0), 0.3, steps=400, rng=RNG).loss,
    "plateau": descend(uv_product(), [1e-3, 1e-3], 0.01, steps=300).loss,
    "fine": descend(quadratic((0.1, 1.0)), [1.0, 1.0], 0.5, steps=300).loss,
    "cannot tell": 1 + 0.5 * np.random.default_rng(1).standard_normal(200),
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_knows_a_textbook_case_of_each(verdict):
    assert diagnose(EXAMPLES[verdict]).verdict == verdict


@pytest.mark.parametrize("verdict", VERDICTS)
@settings(deadline=None, max_examples=20)
@given(exponent=st.integers(-900, 900))
def test_the_unit_of_the_loss_does_not_count(verdict, exponent):
    with np.errstate(over="ignore"):
        scaled = EXAMPLES[verdict] * 2.0**exponent
    assert diagnose(scaled).verdict == verdict


@pytest.mark.parametrize(
    ("tail", "verdict"), [([np.nan] * 3, "diverged"), ([np.inf], "diverged"), ([np.nan, 0.01], "fine")]
)
def test_a_tail_without_numbers_is_the_end_and_a_gap_is_not(tail, verdict):
    assert diagnose([*np.geomspace(1, 0.01, 50), *tail]).verdict == verdict


def test_a_column_that_is_logged_now_and_then_has_not_diverged():
    losses = np.full(500, np.nan)
    losses[::10] = np.geomspace(1, 0.01, 50)
    assert diagnose(losses).verdict == "fine"
    assert diagnose(losses[:495]).verdict == "fine"


def test_the_step_of_the_break_and_the_factor_are_told():
    run = descend(quadratic((1.0,)), [1.0], 4.0, steps=100)
    found = diagnose(run.loss, run.lr)
    assert found.evidence.ended_at == run.diverged_at
    assert f"from step {run.diverged_at} on" in found.sentence
    assert found.factor == 0.1
    assert "from 4 to 0.4" in found.advice


def test_a_rate_that_rose_until_the_run_broke_is_told_apart():
    valley, rates = noisy(quadratic((0.1, 1.0)), 0.01), schedules.exponential(1e-3, 1.02)
    run = descend(valley, [1.0, 1.0], rates, steps=450, rng=np.random.default_rng(3))
    found = diagnose(run.loss, run.lr)
    assert found.verdict == "diverged"
    assert "The rate was rising" in found.advice
    named = float(found.advice.rstrip(".").split()[-1])
    assert 0.1 < named < 2  # 2 / L is where it must break


@pytest.mark.parametrize("seed", range(5))
def test_a_loss_that_is_level_because_its_rate_went_to_zero_is_fine(seed):
    t = np.arange(600)
    losses = 1 + np.exp(-t / 50) + 0.1 * np.random.default_rng(seed).standard_normal(600)
    assert diagnose(losses, schedules.cosine(0.3, 600)(t)).verdict == "fine"
    assert diagnose(losses, 0.3).verdict == "noise floor"


def test_several_runs_have_a_diagnosis_each_and_the_commonest_together():
    run = descend(quadratic((0.1, 1.0)), [1.0, 1.0], [1e-3, 2e-3, 2.5], steps=200)
    found = diagnose(run.loss, run.lr)
    assert [part.verdict for part in found.runs] == ["too slow", "too slow", "diverged"]
    assert found.verdict == "too slow"
    assert found.sentence.startswith("3 runs: 2 too slow, 1 diverged")
    assert diagnose(run.loss[:, 1]).runs == ()


def test_restarts_split_and_resumptions_do_not():
    falling = np.geomspace(1, 0.01, 60)
    again = diagnose([*falling, *np.linspace(1, 0.9, 60)], steps=[*range(60), *range(60)])
    assert [part.verdict for part in again.runs] == ["fine", "too slow"]
    assert [part.evidence.points for part in again.runs] == [60, 60]
    steps = [*range(40), *range(30, 60)]
    resumed = diagnose([*falling[:40], *falling[30:]], steps=steps)
    assert resumed.runs == ()
    assert resumed.evidence.points == 60
    assert resumed == diagnose(falling, steps=range(60))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"losses": ["a"]}, "losses holds something that is not a number"),
        ({"losses": np.ones((2, 2, 2))}, r"losses has shape \(2, 2, 2\)"),
        ({"losses": np.ones(30), "lrs": np.ones(7)}, r"lrs has shape \(7,\)"),
        ({"losses": np.ones(30), "steps": [1.0]}, r"steps has shape \(1,\)"),
    ],
)
def test_bad_arguments_get_one_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        diagnose(**arguments)


# --- files


def written(folder, text, name="a.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def csv_of(losses, head="step,loss", row="{i},{loss}"):
    return "\n".join([head, *(row.format(i=i, loss=loss) for i, loss in enumerate(losses))]) + "\n"


FALLING = np.geomspace(2, 0.01, 60)


@pytest.mark.parametrize(
    "text",
    [
        csv_of(FALLING),
        csv_of(FALLING, "step\ttrain_loss", "{i}\t{loss}"),
        csv_of(FALLING, "Step;Loss;acc", "{i};{loss};0.5"),
        csv_of(FALLING, "# step loss", "{i} {loss}"),
        csv_of(FALLING, "epoch, lr, train/loss, val_accuracy", "{i}, 0.1, {loss}, "),
        "\ufeff" + csv_of(FALLING),
        csv_of(FALLING).replace("\n", "\r\n"),
        "\n".join(map(str, FALLING)),
        csv_of(FALLING, "x", "{i},{loss}")[2:],
        csv_of(FALLING, '"time, of day","loss"', '"12:00, {i}","{loss}"'),
        csv_of(FALLING) + "60,",
        "\n".join(json.dumps({"step": i, "loss": loss}) for i, loss in enumerate(FALLING)),
        "\n".join(json.dumps({"epoch": i, "train": {"loss": loss}, "note": "x"}) for i, loss in enumerate(FALLING)),
        json.dumps([{"loss": loss} for loss in FALLING], indent=1),
        "\n".join(json.dumps({"loss": loss}) for loss in FALLING) + '\n{"loss": 0.',
    ],
)
def test_reads_the_forms_that_logs_have(tmp_path, text):
    log = read(written(tmp_path, text))
    (run,) = log.runs
    np.testing.assert_allclose(run.losses[-59:], FALLING[-59:])
    assert diagnose(log.runs).verdict == "fine"


def test_empty_cells_are_gaps_and_nan_is_a_value(tmp_path):
    gaps = csv_of(["" if i % 2 else loss for i, loss in enumerate(FALLING)])
    (run,) = read(written(tmp_path, gaps)).runs
    np.testing.assert_array_equal(run.losses, FALLING[::2])
    np.testing.assert_array_equal(run.steps, np.arange(0, 60, 2))
    (broken,) = read(written(tmp_path, csv_of([*FALLING, "nan", "NaN"]))).runs
    assert diagnose([broken]).verdict == "diverged"
    rows = [json.dumps({"step": i, "loss": None if i % 2 else loss}) for i, loss in enumerate(FALLING)]
    (run,) = read(written(tmp_path, "\n".join(rows))).runs
    np.testing.assert_array_equal(run.losses, FALLING[::2])


def test_runs_by_name_by_restart_and_by_a_second_header(tmp_path):
    named = "run,step,loss\n" + "".join(f"{'ab'[i % 2]},{i // 2},{FALLING[i // 2]}\n" for i in range(120))
    log = read(written(tmp_path, named))
    assert [(run.name, len(run.losses)) for run in log.runs] == [("a", 60), ("b", 60)]
    twice = csv_of(FALLING) + csv_of(FALLING)
    log = read(written(tmp_path, twice))
    assert [(run.name, len(run.losses)) for run in log.runs] == [("start 1", 60), ("start 2", 60)]
    resumed = csv_of(FALLING[:40]) + "".join(f"{i},{FALLING[i]}\n" for i in range(30, 60))
    (run,) = read(written(tmp_path, resumed)).runs
    np.testing.assert_array_equal(run.losses, FALLING)


def test_batches_counted_anew_in_every_epoch_are_one_run(tmp_path):
    rows = "".join(f"{i // 10},{i % 10},{loss}\n" for i, loss in enumerate(FALLING))
    (run,) = read(written(tmp_path, "epoch,batch,loss\n" + rows)).runs
    np.testing.assert_array_equal(run.losses, FALLING)
    twice = read(written(tmp_path, "epoch,batch,loss\n" + rows + rows)).runs
    assert [len(run.losses) for run in twice] == [60, 60]


def test_rates_in_the_file_become_rates_in_the_advice(tmp_path, capsys):
    slow = csv_of(np.linspace(2, 1.8, 60), "step,loss,lr", "{i},{loss},0.001")
    assert main(["diagnose", str(written(tmp_path, slow))]) == 0
    out = capsys.readouterr().out
    assert "TOO SLOW." in out
    assert "from 0.001 to 0.01" in out
    assert "Evidence" in out


def test_the_name_of_the_file_means_nothing(tmp_path, capsys):
    text = csv_of(FALLING)
    answers = []
    for name in ("diverged.csv", "too_slow_lr_1e-9.jsonl", "x"):
        assert main(["diagnose", str(written(tmp_path, text, name))]) == 0
        answers.append(capsys.readouterr().out.split("\n", 1)[1])
    assert len(set(answers)) == 1


BAD = {
    "missing": None,
    "empty": b"",
    "blank": b"\n \n",
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0",
    "latin": b"step,loss\n1,\xff\xfe\n",
    "prose": b"Dear reader,\nthis is no log.\nYours",
    "header only": b"step,loss\n",
    "no numbers": b"step,loss\n1,two\n2,three\n",
    "score": b"step,accuracy\n1,0.5\n2,0.6\n",
    "two columns": b"a,b\n1,0.5\n2,0.6\n",
    "json": b'{"loss": 1}\n{"loss" 2}\n{"loss": 3}\n',
    "json numbers": b"[1, 2, 3]",
    "deep json": b"[" * 100_000,
    "html": b"<!doctype html><html><body>404</body></html>",
    "long cell": b"step,loss\n1," + b"9" * 200_000 + b"x\n",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_log_gets_one_sentence_and_code_2(tmp_path, capsys, name):
    path = tmp_path / "log"
    if BAD[name] is not None:
        path.write_bytes(BAD[name])
    assert main(["diagnose", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(str(path))
    assert err.count("\n") == 1


def test_a_column_that_is_not_there_and_a_folder_get_a_sentence(tmp_path, capsys):
    path = written(tmp_path, csv_of(FALLING, "step,a,b", "{i},{loss},1"))
    assert main(["diagnose", str(path), "--metric", "c"]) == 2
    assert "there is no column 'c': give one of 'a', 'b'" in capsys.readouterr().err
    assert main(["diagnose", str(path), "--metric", "A"]) == 0
    assert main(["diagnose", str(tmp_path)]) == 2


@settings(deadline=None, max_examples=150)
@given(data=st.binary(max_size=300) | st.text('0123456789.,e-+\n\t nanloss{}[]:"', max_size=300).map(str.encode))
def test_no_file_makes_it_stumble(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("logs", numbered=True) / "log"
    path.write_bytes(data)
    assert main(["diagnose", str(path)]) in (0, 2)


def test_it_runs_as_a_command_and_draws_in_any_terminal(tmp_path):
    path = written(tmp_path, csv_of(FALLING))
    for coding, mark in (("ascii", "*"), ("utf-8", "\u28ff")):
        done = subprocess.run(
            [sys.executable, "-m", "lrlab", "diagnose", str(path)],
            capture_output=True,
            env={"PYTHONIOENCODING": coding, "PYTHONUTF8": "0"},
        )
        assert done.returncode == 0, done.stderr
        assert set(mark) & set(done.stdout.decode(coding)) or coding == "utf-8"
        assert ("*" in done.stdout.decode(coding)) == (coding == "ascii")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_plot_is_written_whole_or_not_at_all(tmp_path, capsys, kind):
    path = written(tmp_path, csv_of([*FALLING, "nan"] * 50))
    target = tmp_path / f"curve.{kind}"
    assert main(["diagnose", str(path), "--plot", str(target)]) == 0
    assert target.read_bytes()[:5] in (b"<?xml", b"\x89PNG\r")
    assert main(["diagnose", str(path), "--plot", str(tmp_path / "none" / "curve.svg")]) == 2
    assert main(["diagnose", str(path), "--plot", str(tmp_path / "curve.doc")]) == 2
    assert sorted(tmp_path.iterdir()) == sorted([path, target])


# --- how often it is right


RIGHT = 0.9


def test_right_on_held_out_logs():
    found = confusion(LOGS)
    right = sum(count for (truth, verdict), count in found.items() if truth == verdict)
    counts = {verdict: sum(found[verdict, said] for said in VERDICTS) for verdict in VERDICTS}
    assert sum(found.values()) == sum(counts.values()) >= 120
    assert min(counts.values()) >= 12
    assert right / sum(counts.values()) >= RIGHT
    assert found["fine", "diverged"] <= 0.02 * counts["fine"]


def test_the_table_for_the_page_adds_up():
    head, *rows, total = confusion_rows(LOGS)
    assert head == ["truth", *VERDICTS, "right"]
    assert all(len(row) == len(head) for row in (*rows, total))
    for i in range(1, len(head) - 1):
        assert sum(int(row[i]) for row in rows) == int(total[i])


def test_the_logs_say_where_they_come_from_and_the_labels_do_not_ask_the_doctor():
    source = (LOGS.parent / "make_logs.py").read_text(encoding="utf-8")
    assert "lrlab.doctor" not in source
    with np.load(LOGS) as stored:
        rows, losses = json.loads(str(stored["table"])), stored["losses"]
    assert sum(row[3] for row in rows) == len(losses)
    assert all((row[3] < 20) == (row[4] == "cannot tell") for row in rows)
    assert len({row[2] for row in rows}) > 1
    assert LOGS.stat().st_size < 1e6


def test_training_again_gives_the_stored_logs_and_labels(monkeypatch):
    monkeypatch.syspath_prepend(str(LOGS.parent))
    make_logs = importlib.import_module("make_logs")
    problems = make_logs.held_out()
    number = next(i for i, problem in enumerate(problems) if problem.name == "table from near 0, whole SGD")
    made = {
        (f"{rate:.9g}", seed): (word, log) for word, _, rate, seed, log in make_logs.logs_of(number, problems[number])
    }
    with np.load(LOGS) as stored:
        rows, losses = json.loads(str(stored["table"])), stored["losses"]
    ends = np.cumsum([row[3] for row in rows])
    found = [
        (row, log)
        for row, log in zip(rows, np.split(losses, ends[:-1]), strict=True)
        if row[0] == "table from near 0, whole SGD"
    ]
    assert len(found) > 5
    for (_, rate, seed, points, word), log in found:
        again, trained = made[f"{rate:.9g}", seed]  # the last digit of a power depends on the processor
        assert word in (again, "cannot tell")
        same = points if word == "plateau" else 10  # a run that jumps soon forgets how its sums were rounded
        np.testing.assert_allclose(log[:same], trained[:points][:same], rtol=1e-5)


LABELS = {  # what was seen of runs at rates .01, .1, 1, of which 1 is the best
    "start": [1, 1, 1],
    "before": [0.9, 0.5, 0.2],
    "end": [0.8, 0.3, 0.05],
    "long before": [0.7, 0.2, 0.02],
    "long end": [0.6, 0.1, 0.01],
    "far": [0.4, 0.05, 0.001],
    "lowered": [0.6, 0.1, 0.01],
    "silent": [0.6, 0.1, 0.01],
    "lowest": [0.4, 0.05, 0],
    "noise": [0, 0, 0],
}


@pytest.mark.parametrize(
    ("changed", "noise", "words"),
    [
        ({}, False, ["too slow", "too slow", "fine"]),
        ({"noise": [0, 0, 1]}, True, ["too slow", "too slow", ""]),
        ({"end": [0.8, np.nan, np.nan]}, False, ["fine", "", "diverged"]),
        ({"far": [0.79, 0.3, 0]}, False, ["", "", "fine"]),
        ({"end": [0.99, 0.3, 0.05]}, False, ["plateau", "too slow", "fine"]),
        ({"long before": [0.7, 0.2, 0.3], "long end": [0.6, 0.1, 0.3], "end": [0.8, 0.3, 0.3], "far": [0.4, 0.05, 0.3]},
         False, ["", "fine", "oscillating"]),
    ],
)  # fmt: skip
def test_a_label_follows_from_what_was_seen(monkeypatch, changed, noise, words):
    monkeypatch.syspath_prepend(str(LOGS.parent))
    make_logs = importlib.import_module("make_logs")
    bowl = quadratic((1.0,))
    problem = make_logs.Problem("", noisy(bowl) if noise else bowl, bowl, None, (-2, 0), 400, None, flat=True)
    monkeypatch.setattr(make_logs.Problem, "rates", np.array([0.01, 0.1, 1.0]))
    seen = {name: np.array([values], float) for name, values in (LABELS | changed).items()}
    assert make_logs.words(problem, seen, np.ones((1, 3), int)).tolist() == [words]
