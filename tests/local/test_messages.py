"""What a user is told of a command line, a recording or a machine that cannot be used: one sentence with what to do."""

from __future__ import annotations

import errno
import json
import re
import socket
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from functions.stitch.certificate import CHAIN, KEY
from local import live, signing
from local.client import exit_status, options
from local.client.choices import PROPERTIES, choices
from local.client.options import parser
from shared.errors import SettingMissing
from shared.http.requests import StartGeneration
from shared.models.video_models import OMNI
from tests.local.in_process import run
from tests.local.test_make import BAD_INPUT, DONE, one_sentence
from tests.local.test_surroundings import SHADOW, reelwright

BAD_INPUTS: list[tuple[list[str], str]] = [
    (["make", "-x.flac", "y.flac"], "./-x.flac"),
    (["make", "-x.flac"], "./-x.flac"),
    (["make"], "RECORDING is missing"),
    (["make", "x", "--budget", "nan"], "nan is not a number"),
    (["make", "x", "--duration", ""], "--duration needs a value"),
    (["make", "x", "--prompt", ""], "--prompt needs a value"),
    (["make", "x", "--prompt", "  "], "--prompt needs a value"),
    (["make", "x", "--model="], "--model needs a value"),
    (["make", "x", "--out", ""], "--out needs a value"),
    (["make", "x", "--data", ""], "--data needs a value"),
    (["make", "x", "--style", ""], "--style needs a value"),
    (["make", "x", "--language", ""], "--language needs a value"),
    (["make", "x", "--budget", ""], "--budget needs a value"),
    (["make", "x", "--live", ""], "--live needs a value"),
    (["make", "x", "--live", ","], ", is not a provider; choose from openai, veo"),
    (["make", ""], "RECORDING needs a value"),
    (["make", "x", ""], "RECORDING needs a value"),
    (["make", "random.py", "./random.py"], "is named twice"),
    (["make", "."], "name a recording"),
    (["make", "-"], "pipe one into standard input"),
    (["make", "/dev/zero"], "pipe one into standard input"),
    (["make", "random.py", "--out", "queue.py/x"], "choose another --out"),
    (["show", ""], "ID needs a value"),
    (["serve", "--port", "abc"], "abc is not a port; choose one from 0 (any free one) to 65535"),
    (["serve", "--port", "70000"], "70000 is not a port"),
    (["serve", "--port", "-1"], "-1 is not a port"),
    (["serve", "--port", "9" * 5000], "is not a port"),
    (["serve", "--port", ""], "--port needs a value"),
    (["serve", "x"], "There is no place for x"),
    (["token", "--port", "0"], "0 is not a port; choose the one that `serve` has printed"),
    (["token", "--port", "70000"], "choose one from 1 to 65535"),
    (["token", "--port", "9"], "`reelwright serve --port 9`"),
    (["token", "--user", ""], "--user needs a value"),
    (["token", "--user", "bob"], "use demo or other"),
    (["env", "--port", "00"], "00 is not a port"),
    (["env", "--port", "abc"], "abc is not a port"),
    (["env", "--port", "9"], "`reelwright serve --port 9`"),
    (["serve", "--live", "openai"], "OPENAI_API_KEY"),
    (
        ["serve", "--live", "veo,openai"],
        "OPENAI_API_KEY and GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_CLOUD_PROJECT",
    ),
    (["make", "x", "--duration"], "--duration needs a value"),
    (["make", "x", "--duration", "long"], "long is not a number"),
    (["make", "x", "--style", "noir"], "choose from realistic"),
    (["bake"], "There is no command"),
    (["make", "random.py", "--language", "x"], "such as en-US"),
    (["make", "random.py", "--out", "queue.py"], "choose another --out"),
]
# One that the parser refuses, one that the command does, and one that the machine is the cause of.
IN_A_PROCESS = (["make"], ["make", "."], ["token", "--port", "9"])


def assert_refusal(status: int, stderr: str, words: str) -> None:
    assert (status, one_sentence(stderr), words in stderr) == (BAD_INPUT, True, True), stderr
    assert not any(word in stderr for word in ("argument ", "invalid", "unrecognized", "pattern", "\\"))


@pytest.mark.parametrize(("arguments", "words"), BAD_INPUTS)
def test_bad_input_is_told_in_words_of_ours(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("random.py", "queue.py"):
        Path(name).write_text(SHADOW)
    status, out, stderr = run(capsys, *arguments)
    assert_refusal(status, stderr, words)
    assert out == ""


@pytest.mark.parametrize(("arguments", "words"), [row for row in BAD_INPUTS if row[0] in IN_A_PROCESS])
def test_the_program_ends_as_its_commands_do(tmp_path: Path, arguments: list[str], words: str) -> None:
    process = reelwright(tmp_path, *arguments)
    assert_refusal(process.returncode, process.stderr.decode(), words)


def test_what_comes_by_a_pipe_is_looked_at_before_anything_starts(tmp_path: Path) -> None:
    process = reelwright(tmp_path, "make", "-", input=b"no recording")
    stderr = process.stderr.decode()
    assert (process.returncode, one_sentence(stderr)) == (BAD_INPUT, True), stderr
    assert stderr.startswith("reelwright: /dev/stdin: ")


def test_a_port_that_is_taken_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = run(capsys, "serve", "--no-keep", "--port", listener.getsockname()[1])
    assert answer == (BAD_INPUT, "", "reelwright: The port is in use; choose another with --port.\n")


@pytest.mark.parametrize(
    ("error", "words", "by_input"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "choose one from 1024 on", True),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "x: Permission denied", False),
        (OSError(errno.ENOSPC, "No space left on device"), "set TMPDIR", False),
        (OSError(errno.ENOSPC, "No space left on device", "/films/x"), "/films: the disk is full", False),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/films/x"), "/films: the disk is full", False),
        (OSError("a sentence."), "a sentence.", False),
    ],
)
def test_an_error_of_the_system_is_told_with_what_to_do(error: OSError, words: str, by_input: bool) -> None:
    sentence, can_be_mended = exit_status.reason(error)
    assert (words in sentence, can_be_mended) == (True, by_input)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"[]", "in JSON"),
        (b"secret", "in JSON"),
        (b"\xff", "in JSON"),
    ],
)
def test_credentials_that_cannot_be_used_are_refused_and_never_shown(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "key.json"
    if content is not None:
        file.write_bytes(content)
    environment = {live.KEY_FILE: str(file), "GOOGLE_CLOUD_PROJECT": "p"}
    with pytest.raises(SettingMissing) as refusal:
        live.secret(["veo"], environment)
    assert words in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_what_signs_is_named_when_it_is_missing(tmp_path: Path) -> None:
    assert signing.secret({}) == ""
    environment = {signing.FOLDER: str(tmp_path)}
    with pytest.raises(SettingMissing, match=r"folder with chain\.pem and key\.pem; .*chain\.pem cannot be read"):
        signing.secret(environment)
    with pytest.raises(SettingMissing, match=r"pip install 'reelwright\[signed\]', or make signed"):
        signing.secret(environment, "no_such_package")
    (tmp_path / "chain.pem").write_text("chain")
    (tmp_path / "key.pem").write_text("key")
    assert json.loads(signing.secret(environment)) == {CHAIN: "chain", KEY: "key"}


@pytest.mark.parametrize(
    "command", [[], ["make"], ["serve"], ["token"], ["env"], ["list"], ["show"], ["versions"], ["resume"]]
)
def test_the_help_calls_each_thing_by_one_name(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as system_exit:
        options.parser().parse_args([*command, "--help"])
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert system_exit.value.code in (None, DONE)
    # A film is a video, a job a generation, a shot a scene and a snippet a clip; "audio" is a recording.
    assert not re.search(r"\b(films?|movies?|jobs?|shots?|snippets?|beats?|audio|stuff)\b", text, re.IGNORECASE)
    assert re.search(r"[A-Z][^.]+\.", text)


def test_make_takes_all_that_a_generation_is_asked_for_with_and_sends_it() -> None:
    # The command itself is about the recording, and waits for the end; what may be files is uploaded before.
    own = {"videoId", "metadata", "webhookUrl", "pictures", "music", "preset", "transcriptId"}
    assert {*PROPERTIES.values()} == {to_camel(name) for name in StartGeneration.model_fields} - own
    arguments = ["--duration", "8", "--style", "animated", "--aspect", "16:9", "--resolution", "1080p"]
    arguments += [
        "--captions",
        "lines",
        "--caption-size",
        "large",
        "--continuity",
        "chain",
        "--language",
        "en-US",
        "--budget",
        "3",
    ]
    arguments += ["--prompt", "A boat", "--model", OMNI, "--goal", "stills", "--speakers", "2"]
    arguments += ["--caption-language", "es"]
    body = choices(parser().parse_args(["make", "talk.mp3", *arguments]))
    assert body.keys() == {*PROPERTIES.values()}
    assert StartGeneration.model_validate({"videoId": "v", **body}).continuity == "chain"
    assert choices(parser().parse_args(["make", "talk.mp3"])) == {}
