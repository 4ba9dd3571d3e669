"""Make the code of functions and layers without Docker: wheels for Lambda's platform, installed by uv from a lock.

Touches the asset folder that CDK gives it and starts uv; the hash of an asset covers everything that decides what runs,
so it is the same on every machine: compiled modules, which not every machine can make, only save time.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

from cdk.bundles import compiled

ROOT = Path(__file__).resolve().parents[2]
PYTHON_VERSION = "3.14"
# Lambda's Amazon Linux 2023 has glibc 2.34, so wheels of manylinux_2_28 run there.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
# Console scripts, uv's lock file, 3 MB of tests that google-genai ships, and 31 MB of C2PA's library in another form.
UNWANTED = ("bin", ".lock", "google/genai/tests", "c2pa/libs/libc2pa_c.rlib")
COMPILED = (".pyc", ".pyo")
TASK_ROOT = "/var/task"
LAYER_ROOT = "/opt"
NO_INTERPRETER = f"no Python {PYTHON_VERSION} is here; new functions start about a second later (docs/operations.md)."


class BundlingFailed(RuntimeError):
    """The packages of a lock could not be installed for Lambda's platform."""


@dataclass(frozen=True)
class Bundle:
    """What one asset holds: the packages of a lock below `prefix`, our own files, and a notice if there is one.

    `lock` and `sources` are paths below `root`.
    """

    lock: str
    architecture: str
    sources: tuple[str, ...] = ()
    prefix: str = ""
    notice: str = ""
    root: Path = ROOT

    def digest(self) -> str:
        """Return a hash of everything that decides the asset's content."""
        sha = hashlib.sha256(f"{self.architecture} {PYTHON_VERSION} {self.prefix} {self.notice}".encode())
        sha.update(Path(__file__).read_bytes())
        for file in (self.root / self.lock, *self.files()):
            sha.update(f"\0{file.relative_to(self.root).as_posix()}\0".encode())
            sha.update(file.read_bytes())
        return sha.hexdigest()

    def files(self) -> Iterator[Path]:
        """Yield our own files that go in, in a fixed order."""
        for source in self.sources:
            path = self.root / source
            entries = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield from (file for file in entries if file.is_file() and file.suffix not in COMPILED)

    def write(self, folder: Path, interpreter: str = "") -> None:
        """Fill `folder`; raise BundlingFailed with uv's words when a package cannot be installed.

        What is imported is compiled by `interpreter`, a Python of PYTHON_VERSION, if there is one.
        """
        self._install(folder / self.prefix)
        for file in self.files():
            to = folder / file.relative_to(self.root)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)
        if self.notice:
            (folder / "NOTICE.txt").write_text(self.notice, encoding="utf-8")
        if interpreter:
            compiled.add(folder, interpreter, LAYER_ROOT if self.prefix else TASK_ROOT)
        _open_to_all(folder)

    def _install(self, target: Path) -> None:
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--quiet"]
        platform = ["--python-version", PYTHON_VERSION, "--python-platform", PLATFORMS[self.architecture]]
        command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *options, *platform]
        process = subprocess.run(
            [*command, "--target", str(target), "--requirements", str(self.root / self.lock)],
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise BundlingFailed(f"The packages of {self.lock} could not be installed: {process.stderr.strip()}")
        _prune(target)


def _open_to_all(folder: Path) -> None:
    # Lambda runs as another user than the one who owns the files, whatever the umask here lets others do.
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)


def _prune(target: Path) -> None:
    for name in UNWANTED:
        path = target / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@jsii.implements(ILocalBundling)
class LocalBundler:
    """CDK's hook for bundling without Docker."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *, image: object = None, **_: object) -> bool:  # noqa: ARG002 - CDK's own
        """Fill `output_dir` and return True; a failure raises, because False would make CDK try Docker.

        CDK calls it with the options of a bundling in Docker, `image` and more, which have no meaning here.
        """
        interpreter = compiled.interpreter(PYTHON_VERSION)
        if not interpreter:
            print(f"{self._bundle.lock}: without compiled modules, because {NO_INTERPRETER}", file=sys.stderr)
        self._bundle.write(Path(output_dir), interpreter)
        return True


def code(bundle: Bundle) -> lambda_.Code:
    """Return the bundle as code of a function or a layer; installs its packages now, unless the context says no."""
    return lambda_.Code.from_asset(
        str((bundle.root / bundle.lock).parent),
        asset_hash=bundle.digest(),
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=DockerImage.from_registry("unused"), local=LocalBundler(bundle)),
    )
