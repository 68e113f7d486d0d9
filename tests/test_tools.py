"""Tools for maintainers that others rely on."""

from tools.count_code import code_lines
from tools.freeze_results import checksums, differences, main


def test_code_lines_leave_out_docstrings_comments_and_blank_lines():
    source = '"""Doc\nof two lines."""\n\n# why\nX = """a\nb"""\n\n\n'
    source += 'def f():\n    """Doc."""\n    return (\n        1\n    )  # c\n'
    assert code_lines(source) == 2 + 1 + 3


def test_frozen_results_tell_what_is_gone_new_or_another(tmp_path, capsys):
    results = tmp_path / "results"
    (results / "timings").mkdir(parents=True)
    for name in ("same", "other", "gone", "timings/seconds.csv"):
        (results / name).write_text(name)
    before = checksums(tmp_path)
    assert main("write", str(tmp_path), str(tmp_path / "frozen.tsv")) == 0
    assert main("compare", str(tmp_path), str(tmp_path / "frozen.tsv")) == 0
    (results / "timings/seconds.csv").write_text("slower")
    assert main("compare", str(tmp_path), str(tmp_path / "frozen.tsv")) == 0
    (results / "other").write_text("changed")
    (results / "gone").unlink()
    (results / ".hidden").write_text("new")
    assert main("compare", str(tmp_path), str(tmp_path / "frozen.tsv")) == 1
    assert "gone\tgone\nnew\t.hidden\ndiffers\tother\n3 of 3" in capsys.readouterr().out
    assert len(differences(before, checksums(tmp_path))) == 4
