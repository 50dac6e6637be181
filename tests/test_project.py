"""The project itself: dependencies agree everywhere, nothing that must not be is in the repository."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import framing

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements) -> dict[str, str]:
    """Return package → version bounds of requirement lines."""
    found = {}
    for line in requirements:
        match = re.match(r"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?\s*([<>=!~][^;]*)?", line)
        found[match[1].lower().replace("_", "-")] = (match[2] or "").strip()
    return found


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return {m[1].lower(): m[2] for m in re.finditer(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", text, re.M)}


def test_environment_yml_names_what_pyproject_names():
    content = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = [line for line in content if isinstance(line, str)]
    pip = next(line["pip"] for line in content if isinstance(line, dict))
    assert pip.pop() == "-e ."  # the project itself, so that notebooks find it on Binder too
    ours = {n: b for n, b in names([*conda, *pip]).items() if n not in ("python", "pip", "pytorch-cpu")}
    assert ours == names(PROJECT["dependencies"])
    assert f">={names(conda)['python'].removeprefix('>=')}" == PROJECT["requires-python"]


def test_the_lock_holds_every_dependency_of_the_project_and_its_extras():
    lock = locked("requirements.lock")
    extras = re.search(r"^LOCKED := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split()
    wanted = names(PROJECT["dependencies"])
    for extra in extras:
        wanted |= names(PROJECT["optional-dependencies"][extra])
    assert not {name for name in wanted if name not in lock}
    from packaging.specifiers import SpecifierSet

    assert all(SpecifierSet(bounds).contains(lock[name]) for name, bounds in wanted.items())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_locks_have_hashes_and_no_hosts(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_no_torch_in_the_lock():
    assert not {"torch", "transformers", "torchvision"} & locked("requirements.lock").keys()
    assert not any(name.startswith("nvidia") for name in locked("requirements.lock"))


def test_importing_is_light():
    heavy = {"numpy", "pandas", "matplotlib", "gensim", "sklearn", "camel_tools"}
    code = f"import sys, framing; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
    assert len((ROOT / "framing" / "__init__.py").read_text("utf-8").splitlines()) < 140


def test_every_public_name_exists_and_is_documented():
    import framing as fr

    for name in fr.__all__:
        assert getattr(fr, name).__doc__ if name != "__version__" else fr.__version__ == PROJECT["version"]


def test_functions_stay_functions_whatever_is_imported_first():
    names = ("stance", "compare", "keyness", "kwic")
    imports, calls = ", ".join(f"framing.{name}" for name in names), ", ".join(f"callable(fr.{name})" for name in names)
    code = f"import {imports}, framing as fr; print({calls})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["True"] * 4


def test_the_focal_article_is_unchanged():
    import hashlib

    raw = (ROOT / "corpora" / "focal" / "putin-diaz-canel-2018.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == "73666a4a0692a0f6ae0bee4e149faf51c2341faf99638223a96bb496b5e02e0a"


def test_top_level_layout():
    expected = {"notebooks", "framing", "corpora", "figures", "environment.yml", "tests", "benchmarks", "README.md",
                "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", "Makefile", "pyproject.toml",
                ".ci"}  # fmt: skip
    assert not {name for name in expected if not (ROOT / name).exists()}


def test_modules_stay_readable():
    long = {
        str(path.relative_to(ROOT)): n
        for path in (ROOT / "framing").rglob("*.py")
        if (n := len(path.read_text("utf-8").splitlines())) > 450
    }
    assert not long


def test_the_stub_for_editors_offers_what_the_package_offers():
    stub = ast.parse((ROOT / "framing" / "__init__.pyi").read_text(encoding="utf-8"))
    offered = {
        alias.asname: node.module.split(".")[1] if "." in node.module else None
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    rooms = {name: room.split(".")[0] for name, room in framing._HOME.items()}
    assert offered == rooms | dict.fromkeys(framing._MODULES)


def test_the_wheel_carries_its_data_and_works_away_from_the_repository(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True, cwd=ROOT)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        inside = set(opened.namelist())
        opened.extractall(tmp_path / "site")
    tracked = {str(path.relative_to(ROOT)) for path in (ROOT / "framing").rglob("*") if path.is_file()}
    assert inside >= {name for name in tracked if "__pycache__" not in name}
    assert not {
        name for name in inside if name.split("/")[0] not in ("framing", f"framing-{framing.__version__}.dist-info")
    }
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import framing as fr; "
        "scores = fr.frame_scores(fr.code(fr.Document(id='a', text='تعاون بين روسيا وكوبا'), "
        "fr.load_codebook('cuba-russia-us'))); print(fr.__file__, int(scores['hits'].sum()))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    place, hits = done.stdout.split()
    assert place.startswith(str(tmp_path))
    assert int(hits) == 1
