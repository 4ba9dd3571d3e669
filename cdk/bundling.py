"""Make the code of functions and layers without Docker: wheels for Lambda's platform, installed by uv from a lock.

Touches the asset folder that CDK gives it and starts uv; the asset's hash covers everything that goes in.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

ROOT = Path(__file__).resolve().parents[1]
PYTHON_VERSION = "3.14"
# Lambda's Amazon Linux 2023 has glibc 2.34, so wheels of manylinux_2_28 run there.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
# Console scripts, uv's lock file, and 3 MB of tests that google-genai ships.
UNWANTED = ("bin", ".lock", "google/genai/tests")
COMPILED = (".pyc", ".pyo")


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
            found = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield from (file for file in found if file.is_file() and file.suffix not in COMPILED)

    def write(self, folder: Path) -> None:
        """Fill `folder`; raise BundlingFailed with uv's words when a package cannot be installed."""
        self._install(folder / self.prefix)
        for file in self.files():
            to = folder / file.relative_to(self.root)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)
        if self.notice:
            (folder / "NOTICE.txt").write_text(self.notice, encoding="utf-8")

    def _install(self, target: Path) -> None:
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--quiet"]
        platform = ["--python-version", PYTHON_VERSION, "--python-platform", PLATFORMS[self.architecture]]
        command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *options, *platform]
        done = subprocess.run(
            [*command, "--target", str(target), "--requirements", str(self.root / self.lock)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BundlingFailed(f"The packages of {self.lock} could not be installed: {done.stderr.strip()}")
        _prune(target)


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
        self._bundle.write(Path(output_dir))
        return True


def code(bundle: Bundle) -> lambda_.Code:
    """Return the bundle as code of a function or a layer; installs its packages now, unless the context says no."""
    return lambda_.Code.from_asset(
        str((bundle.root / bundle.lock).parent),
        asset_hash=bundle.digest(),
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=DockerImage.from_registry("unused"), local=LocalBundler(bundle)),
    )
