"""Names of users in figures are shown as they are; our own mathematics stays mathematics."""

from matplotlib.text import Text

from gemwright.io.files import sha256_file
from gemwright.report import style

NAMES = ["$x_1$", "a$", r"\alpha", r"$\frac{1$", "E. coli_K^12", "{x}"]


def drawn(folder, name, labels):
    figure = style.new_figure(5, 3)
    left, right = figure.subplots(1, 2)
    left.set_yticks(range(len(labels)), labels)
    left.set_title(labels[0])
    right.plot([1, 1000], [0.001, 10], label=labels[-1])
    right.set(xscale="log", yscale="log", ylabel="std(ln $K_M$) ratio")
    style.as_mathematics(right.yaxis.label)
    right.legend()
    files = folder / f"{name}.svg", folder / f"{name}.png"
    style.save_figure(figure, *files)
    return figure, [sha256_file(path) for path in files]


def test_names_with_dollars_are_drawn_as_they_are(tmp_path):
    figure, _ = drawn(tmp_path, "names", NAMES)
    shown = {text.get_text(): text.get_parse_math() for text in figure.findobj(Text)}
    assert not any(shown[name] for name in NAMES)
    assert shown["std(ln $K_M$) ratio"]
    assert all(parsed for text, parsed in shown.items() if "mathdefault" in text)


def test_figures_without_such_names_are_the_same_bytes(tmp_path, monkeypatch):
    _, plain = drawn(tmp_path, "plain", ["a_b", "c"])
    monkeypatch.setitem(style.STYLE, "text.parse_math", True)
    _, before = drawn(tmp_path, "before", ["a_b", "c"])
    monkeypatch.undo()
    assert plain == before
