"""The table of broken lines is in step with the code, and the tool tells what no test notices."""

import subprocess
from dataclasses import replace

import pytest

from tools import break_lines
from tools.break_lines import (
    BROKEN,
    NOTICED,
    UNNOTICED,
    Break,
    BreaksError,
    check,
    problems,
    read_breaks,
)

MODULE = "def doubled(number):\n    return 2 * number\n\n\nHALF = 1 / 2\n"
TEST = "from toy import doubled\n\n\ndef test_doubled():\n    assert doubled(3) == 6\n"
SUM = Break(
    "sum", "toy.py", "2 * number", "2 + number", ("test_toy.py::test_doubled",), "doubles wrongly"
)


@pytest.fixture
def repository(tmp_path):
    """A repository of one module, half of which is tested."""
    (tmp_path / "toy.py").write_text(MODULE)
    (tmp_path / "test_toy.py").write_text(TEST)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_every_text_is_found_once_and_every_test_exists():
    breaks = read_breaks()
    assert not problems(breaks)
    assert len({one.name for one in breaks}) == len(breaks) >= 40
    assert len({(one.module, one.old) for one in breaks}) == len(breaks)
    assert all(one.why for one in breaks)


def test_breaks_that_no_test_notices_are_told(repository, monkeypatch, capsys):
    half = replace(SUM, name="half", old="1 / 2", new="1 / 3")
    verdicts = check([SUM, half], root=repository)
    assert verdicts == {"sum": NOTICED, "half": UNNOTICED}
    assert (repository / "toy.py").read_text() == MODULE
    monkeypatch.setattr(break_lines, "read_breaks", lambda: [SUM, half])
    monkeypatch.setattr(
        break_lines, "check", lambda breaks, *_: {one.name: verdicts[one.name] for one in breaks}
    )
    assert break_lines.main(["run", "sum"]) == 0
    assert break_lines.main(["all"]) == 1
    assert "2 breaks: 1 not noticed, 0 did not run" in capsys.readouterr().out


def test_code_that_cannot_be_imported_is_not_noticed_by_a_test(repository):
    assert check([replace(SUM, new="2 *")], root=repository) == {"sum": BROKEN}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"old": "number"}, "toy.py holds 2 times"),
        ({"old": "3 * number"}, "toy.py holds 0 times"),
        ({"module": "none.py"}, "none.py holds 0 times"),
        ({"new": "2 * number"}, "breaks nothing"),
        ({"tests": ()}, "names no test"),
        ({"tests": ("test_toy.py::test_half",)}, "there is no test_toy.py::test_half"),
        ({"tests": ("test_none.py",)}, "there is no test_none.py"),
    ],
)
def test_a_wrong_table_is_told(repository, changes, message):
    with pytest.raises(BreaksError, match=message):
        check([replace(SUM, **changes)], root=repository)


def test_tests_that_fail_without_a_break_prove_nothing(repository):
    (repository / "test_toy.py").write_text(TEST.replace("6", "7"))
    with pytest.raises(BreaksError, match="do not pass without a break"):
        check([SUM], root=repository)


@pytest.mark.breaks
def test_every_break_is_noticed():
    verdicts = check(read_breaks())
    assert {name: verdict for name, verdict in verdicts.items() if verdict != NOTICED} == {}
