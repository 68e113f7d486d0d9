"""The digest of the library code behind a script."""

from gemwright import code_digest as module


def test_digest_follows_imports_and_changes_with_them(tmp_path, monkeypatch):
    package = tmp_path / "toy"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "near.py").write_text("def f():\n    from toy.far import g\n    return g()\n")
    (package / "far.py").write_text("def g():\n    return 1\n")
    (package / "other.py").write_text("x = 1\n")
    script = tmp_path / "script.py"
    script.write_text("from toy.near import f\n")
    monkeypatch.setattr(module, "PACKAGE", package)

    def digest():
        module._imports.cache_clear()
        module.code_digest.cache_clear()
        return module.code_digest(str(script))

    used = {path.name for path in module.used_modules(script)}
    assert used == {"near.py", "far.py"}
    before = digest()
    (package / "other.py").write_text("x = 2\n")
    assert digest() == before
    (package / "far.py").write_text("def g():\n    return 2\n")
    assert digest() != before
