"""Bundling: the hash sees every change, and a bundle holds what is wanted for the right platform and nothing else."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import platform
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App, AssetStaging, Stack
from aws_cdk import aws_lambda as lambda_

from cdk.bundles import compiled
from cdk.bundles.bundling import PYTHON_VERSION, Bundle, BundlingFailed, LocalBundler, code
from cdk.bundles.contents import bundle_of, c2pa_bundle, ffmpeg_bundle
from cdk.functions import FUNCTIONS, FunctionSpec

WHEEL_FILES = {
    "tiny/__init__.py": "",
    "google/genai/__init__.py": "",
    "google/genai/tests/test_it.py": "",
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\nTag: cp314-cp314-{tag}\n",
    "tiny-1.0.dist-info/entry_points.txt": "[console_scripts]\ntiny = tiny:main\n",
    "tiny-1.0.dist-info/RECORD": "",
}


def make_wheel(folder: Path, tag: str = "manylinux_2_28_aarch64") -> str:
    """Write a wheel of the package `tiny` into `folder` and return its line in a lock."""
    file = folder / f"tiny-1.0-cp314-cp314-{tag}.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        for name, content in WHEEL_FILES.items():
            wheel.writestr(name, content.replace("{tag}", tag))
    return f"tiny==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A small project whose one package is a wheel on disk; no index is asked."""
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    for name in ("functions/__init__.py", "functions/one/handler.py", "functions/one/font.ttf", "shared/module.py"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(f"# {name}")
    (tmp_path / "project" / "shared" / "__pycache__").mkdir()
    (tmp_path / "project" / "shared" / "__pycache__" / "module.cpython-311.pyc").write_text("compiled")
    (tmp_path / "project" / "lock.txt").write_text(make_wheel(tmp_path))
    sources = ("functions/__init__.py", "functions/one", "shared")
    return Bundle("lock.txt", "arm64", sources, root=tmp_path / "project")


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_holds_the_code_its_data_and_its_packages_and_nothing_else(bundle: Bundle, tmp_path: Path) -> None:
    assert LocalBundler(bundle).try_bundle(str(tmp_path / "out")) is True
    files = files_in(tmp_path / "out")
    ours = {"functions/__init__.py", "functions/one/handler.py", "functions/one/font.ttf", "shared/module.py"}
    assert ours < files
    assert {"tiny/__init__.py", "google/genai/__init__.py"} < files
    assert {name.split("/")[0] for name in files} == {"functions", "shared", "tiny", "google", "tiny-1.0.dist-info"}
    assert not [name for name in files if "tests" in name or "__pycache__" in name]


def test_a_layer_has_its_packages_below_python_and_its_licence(bundle: Bundle, tmp_path: Path) -> None:
    replace(bundle, sources=(), prefix="python", notice="GPL").write(tmp_path / "out")
    files = files_in(tmp_path / "out")
    assert {name.split("/")[0] for name in files} == {"NOTICE.txt", "python"}
    assert "python/tiny/__init__.py" in files
    assert "END OF TERMS AND CONDITIONS" in ffmpeg_bundle("arm64").notice


def test_a_wheel_of_another_platform_or_hash_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundlingFailed, match=r"lock\.txt could not be installed"):
        replace(bundle, architecture="x86_64").write(tmp_path / "other")
    (bundle.root / "lock.txt").write_text("tiny==1.0 --hash=sha256:" + "0" * 64)
    with pytest.raises(BundlingFailed, match=r"lock\.txt could not be installed"):
        LocalBundler(bundle).try_bundle(str(tmp_path / "forged"))


@pytest.mark.parametrize("file", ["lock.txt", "functions/one/handler.py", "functions/one/font.ttf", "shared/module.py"])
def test_the_hash_sees_a_change_of_any_file(bundle: Bundle, file: str) -> None:
    before = bundle.digest()
    (bundle.root / file).write_text("changed")
    assert bundle.digest() != before


def test_the_hash_sees_a_new_file_and_a_renamed_one(bundle: Bundle) -> None:
    digests = {bundle.digest()}
    (bundle.root / "shared" / "new.py").write_text("")
    digests.add(bundle.digest())
    (bundle.root / "shared" / "new.py").rename(bundle.root / "shared" / "newer.py")
    digests.add(bundle.digest())
    assert len(digests) == 3


def test_the_hash_depends_on_the_target_and_on_nothing_compiled(bundle: Bundle) -> None:
    before = bundle.digest()
    assert replace(bundle, architecture="x86_64").digest() != before
    assert replace(bundle, prefix="python").digest() != before
    (bundle.root / "shared" / "__pycache__" / "new.pyc").write_text("")
    assert bundle.digest() == before


def test_bundling_twice_gives_the_same_bytes(bundle: Bundle, tmp_path: Path) -> None:
    def content(folder: Path) -> dict[str, tuple[int, bytes]]:
        bundle.write(folder)
        return {name: ((folder / name).stat().st_mode, (folder / name).read_bytes()) for name in files_in(folder)}

    assert content(tmp_path / "first") == content(tmp_path / "second")


def test_a_second_synthesis_installs_nothing_until_something_changes(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installations: list[Path] = []
    write = Bundle.write

    def write_and_count(self: Bundle, folder: Path, interpreter: str = "") -> None:
        installations.append(folder)
        write(self, folder, interpreter)

    def synthesise() -> set[str]:
        # What a program remembers is gone when it is started again; what lies in the folder is not.
        AssetStaging.clear_asset_hash_cache()
        app = App(outdir=str(tmp_path / "out"), analytics_reporting=False)
        lambda_.LayerVersion(Stack(app, "Small"), "Layer", code=code(bundle))
        app.synth()
        return {folder.name for folder in (tmp_path / "out").glob("asset.*")}

    monkeypatch.setattr(Bundle, "write", write_and_count)
    first = synthesise()
    assert (len(first), len(installations)) == (1, 1)
    assert (synthesise(), len(installations)) == (first, 1)
    (bundle.root / "shared" / "module.py").write_text("changed")
    assert (len(synthesise() - first), len(installations)) == (1, 2)


def test_every_file_can_be_read_by_lambda_whatever_the_umask(bundle: Bundle, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        bundle.write(tmp_path / "out", sys.executable)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out").rglob("*") if path.is_file()}
    folders = {
        path.stat().st_mode & 0o777 for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")) if path.is_dir()
    }
    assert (modes, folders) == ({0o644}, {0o755})


def test_programs_stay_programs(bundle: Bundle, tmp_path: Path) -> None:
    (bundle.root / "functions" / "one" / "tool").write_text("#!/bin/sh")
    (bundle.root / "functions" / "one" / "tool").chmod(0o700)
    bundle.write(tmp_path / "out")
    assert (tmp_path / "out" / "functions" / "one" / "tool").stat().st_mode & 0o777 == 0o755


def test_modules_are_compiled_for_where_they_will_lie(bundle: Bundle, tmp_path: Path) -> None:
    (bundle.root / "shared" / "module.py").write_text("def whereami(): return whereami.__code__.co_filename")
    bundle.write(tmp_path / "out", sys.executable)
    compiled_file = importlib.util.cache_from_source(str(tmp_path / "out" / "shared" / "module.py"))
    data = Path(compiled_file).read_bytes()
    # Bit 0: by the source's hash; bit 1: which is looked at.
    assert int.from_bytes(data[4:8], "little") == 0b01
    assert b"/var/task/shared/module.py" in data
    assert str(tmp_path).encode() not in data
    # The source is not looked at, so what was compiled is run.
    (tmp_path / "out" / "shared" / "module.py").write_text("raise RuntimeError")
    code = "import sys; sys.path.insert(0, '.'); from shared.module import whereami; print(whereami())"
    command = [sys.executable, "-I", "-S", "-c", code]
    process = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, text=True, check=True)
    assert process.stdout.strip().endswith("/shared/module.py")


def test_the_same_sources_compile_to_the_same_bytes(bundle: Bundle, tmp_path: Path) -> None:
    def content(folder: Path) -> dict[str, bytes]:
        bundle.write(folder, sys.executable)
        return {name: (folder / name).read_bytes() for name in files_in(folder)}

    assert content(tmp_path / "first") == content(tmp_path / "second")


def test_without_the_deployed_python_a_bundle_is_made_and_says_so(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # Where uv looks for interpreters there is none.
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    compiled.interpreter.cache_clear()
    assert LocalBundler(bundle).try_bundle(str(tmp_path / "out")) is True
    compiled.interpreter.cache_clear()
    assert "lock.txt: without compiled modules, because no Python 3.14 is here" in capfd.readouterr().err
    assert not list((tmp_path / "out").rglob("*.pyc"))


def test_a_module_that_does_not_compile_stops_the_bundling(bundle: Bundle, tmp_path: Path) -> None:
    (bundle.root / "shared" / "module.py").write_text("def")
    with pytest.raises(compiled.CompilingFailed, match=r"module\.py"):
        bundle.write(tmp_path / "out", sys.executable)


def test_the_layer_that_signs_holds_a_library_for_the_platform_and_not_what_fetches_one(tmp_path: Path) -> None:
    c2pa_bundle("arm64").write(tmp_path)
    packages = {path.name for path in (tmp_path / "python").iterdir() if path.is_dir() and "." not in path.name}
    assert packages == {"c2pa", "cffi", "cryptography", "pycparser"}
    library = (tmp_path / "python" / "c2pa" / "libs" / "libc2pa_c.so").read_bytes()
    # ELF's number of the machine: 64-bit ARM.
    assert (library[:4], library[18:20]) == (b"\x7fELF", b"\xb7\x00")
    assert not (tmp_path / "python" / "c2pa" / "libs" / "libc2pa_c.rlib").exists()


def link_packages(folder: Path, *packages: str) -> Path:
    """Return the folder, in which this environment's packages can be imported as well."""
    for name in packages:
        origin = Path(str(importlib.import_module(name).__file__))
        place = origin.parent if origin.name == "__init__.py" else origin
        link = folder.joinpath(*name.split(".")).with_name(place.name)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place)
    return folder


@pytest.mark.skipif(not compiled.interpreter(PYTHON_VERSION), reason=f"no Python {PYTHON_VERSION} on this machine")
@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.stage)
def test_every_bundle_is_imported_by_the_deployed_python(tmp_path: Path, spec: FunctionSpec) -> None:
    python = compiled.interpreter(PYTHON_VERSION)
    here = "arm64" if platform.machine() == "aarch64" else "x86_64"
    bundle_of(spec.stage, here).write(tmp_path / "task", python)
    ffmpeg_bundle(here).write(tmp_path / "layer", python)
    # The SDK is the runtime's own there; here it is this environment's, which is pure Python.
    runtime = link_packages(
        tmp_path / "runtime", "boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"
    )
    paths = [str(tmp_path / "task"), str(tmp_path / "layer" / "python"), str(runtime)]
    code = f"import sys; sys.path[:0] = {paths!r}; import functions.{spec.stage}.handler"
    process = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
