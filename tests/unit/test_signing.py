"""A finished video and its cover are signed where there is a certificate, and are made without one that cannot sign."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from c2pa import Reader  # pyright: ignore[reportMissingTypeStubs]
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

from functions.stitch import manifest
from functions.stitch.certificate import CHAIN, KEY, certificate_of
from functions.stitch.handler import Deps, run
from functions.stitch.seals import NotSigned, SignerSource, loaded_by
from functions.stitch.signing import signer_from
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import StitchIn, StitchOut
from shared.errors import PermissionMissing, StorageUnavailable
from shared.film import ffmpeg
from shared.film.picture_choices import ScenePicture
from shared.film.plan import Plan
from shared.publishing.words import PostWords
from tests.unit.certificates import DAY, chain_of, new_key, pem_of, pem_of_key, secret_of
from tests.unit.cloud_fixtures import BUCKET
from tests.unit.manifests import boxes, check_signature, content_of, manifest_in
from tests.unit.media_fakes import GENERATION, PLAN_KEY, SAMPLE, VIDEO, FolderBucket, plan
from tests.unit.origins import origins_of
from tests.unit.test_stitch import filled_bucket, scene_key
from tests.unit.test_wiring import handler

KEY_OF_LEAF = new_key()
CHAIN_OF_LEAF = chain_of(KEY_OF_LEAF)
SECRET = secret_of(CHAIN_OF_LEAF, KEY_OF_LEAF)
OWN = ScenePicture(image_id="holiday", use="still", digest="")
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MIXED = "compositeWithTrainedAlgorithmicMedia"
ROOT = Path(__file__).parents[2]


def film_plan() -> Plan:
    """Return the plan of a video of two scenes, of which the second shows a picture that was brought."""
    whole = plan((24, 48))
    first, second = whole.scenes
    scenes = first, second.model_copy(update={"picture": OWN})
    return whole.model_copy(update={"scenes": scenes, "publish": PostWords(title="Two minutes of bread")})


@dataclass(frozen=True)
class Stitched:
    """A stitched video: its bucket, and what the stage has answered."""

    bucket: FolderBucket
    out: StitchOut

    @property
    def film(self) -> bytes:
        return self.bucket.path(self.out.video_key).read_bytes()

    @property
    def cover(self) -> bytes:
        return self.bucket.path(self.out.poster_key).read_bytes()


Stitch = Callable[[SignerSource | None], Stitched]


@pytest.fixture(name="stitch", scope="module")
def stitching(tmp_path_factory: pytest.TempPathFactory) -> Stitch:
    """What stitches the video once more, in the bucket of all tests here."""
    bucket = filled_bucket(tmp_path_factory.mktemp("bucket"), SAMPLE, film_plan(), ("testsrc2", "testsrc"))
    return lambda signer_of: Stitched(bucket, run(request(), Deps(bucket, signer_of)))


def request() -> StitchIn:
    keys = (scene_key(1), scene_key(2))
    return StitchIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, scene_keys=keys, user_id="user1")


@pytest.fixture(scope="module")
def plain_video(stitch: Stitch) -> Stitched:
    video = stitch(None)
    return replace(video, bucket=copy_of(video.bucket))


@pytest.fixture(scope="module")
def signed_video(stitch: Stitch, plain_video: Stitched) -> Stitched:
    video = stitch(signer_from(lambda: SECRET))
    return replace(video, bucket=copy_of(video.bucket))


def copy_of(bucket: FolderBucket) -> FolderBucket:
    """Return a bucket of what lies in that one at this moment."""
    new = FolderBucket.at(bucket.root.with_name(f"{bucket.root.name}-{len(list(bucket.root.parent.iterdir()))}"))
    for path in filter(Path.is_file, bucket.root.rglob("*")):
        new.write_bytes(path.relative_to(bucket.root).as_posix(), path.read_bytes(), "")
    new.more.update(bucket.more)
    return new


def verdict(data: bytes) -> tuple[str, set[str]]:
    """Return what the library's reader thinks of a file, and its complaints."""
    with Reader("video/mp4" if data[4:8] == b"ftyp" else "image/jpeg", io.BytesIO(data)) as reader:
        report: dict[str, Any] = json.loads(reader.json())
    return report["validation_state"], {each["code"] for each in report["validation_status"]}


def test_both_marks_are_read_by_other_readers_than_the_library(signed_video: Stitched) -> None:
    for data, origin in ((signed_video.film, MIXED), (signed_video.cover, MIXED)):
        assert origins_of(data) == [origin]
        parts = manifest_in(data)
        check_signature(parts, CHAIN_OF_LEAF[0])
        (action,) = content_of(parts["c2pa.actions.v2"])["actions"]
        assert (action["action"], action["digitalSourceType"]) == ("c2pa.created", VOCABULARY + origin)
        assert action["softwareAgent"] == {"name": "Reelwright", "version": manifest.VERSION}
        claim = content_of(parts["c2pa.claim.v2"])
        assert claim["claim_generator_info"].items() >= action["softwareAgent"].items()
        assert claim["dc:title"] == "Two minutes of bread"


def test_another_claim_or_assertion_is_not_what_was_signed(signed_video: Stitched) -> None:
    parts = manifest_in(signed_video.film)
    claim = parts["c2pa.claim.v2"].replace(b"Reelwright", b"Handwright")
    with pytest.raises(InvalidSignature):
        check_signature({**parts, "c2pa.claim.v2": claim}, CHAIN_OF_LEAF[0])
    scenes = parts[manifest.SCENES].replace(b"clip", b"clop")
    with pytest.raises(AssertionError, match=manifest.SCENES):
        check_signature({**parts, manifest.SCENES: scenes}, CHAIN_OF_LEAF[0])


def test_it_says_what_each_scene_shows_and_nothing_of_its_maker(signed_video: Stitched) -> None:
    first, second = content_of(manifest_in(signed_video.film)[manifest.SCENES])["scenes"]
    by_model = {"shows": "clip", "model": "veo", "digitalSourceType": f"{VOCABULARY}trainedAlgorithmicMedia"}
    assert first == {"sequence": 1, "start": 0, "seconds": 1, **by_model}
    assert second == {"sequence": 2, "start": 1, "seconds": 1, "shows": "own"}
    for data in (signed_video.film, signed_video.cover):
        for private in (b"user1", b"holiday", VIDEO.encode() + b"/", GENERATION.encode() + b"/", b"PRIVATE KEY"):
            assert private not in data


def test_a_clip_that_begins_with_an_own_picture_is_said_to_be_a_composite_by_both_marks(tmp_path: Path) -> None:
    whole = film_plan()
    first = whole.scenes[0].model_copy(update={"picture": OWN.model_copy(update={"use": "first_frame"})})
    scenes = first, plan((24, 48)).scenes[1]
    film = whole.model_copy(update={"scenes": scenes})
    bucket = filled_bucket(tmp_path, SAMPLE, film, ("testsrc2", "testsrc"))
    video = Stitched(bucket, run(request(), Deps(bucket, signer_from(lambda: SECRET))))
    assert [origins_of(data) for data in (video.film, video.cover)] == [[MIXED], [MIXED]]
    parts = manifest_in(video.film)
    check_signature(parts, CHAIN_OF_LEAF[0])
    (action,) = content_of(parts["c2pa.actions.v2"])["actions"]
    assert action["digitalSourceType"] == VOCABULARY + MIXED
    rows = content_of(parts[manifest.SCENES])["scenes"]
    assert [each["digitalSourceType"] for each in rows] == [VOCABULARY + MIXED, f"{VOCABULARY}trainedAlgorithmicMedia"]


def test_a_model_is_named_where_the_plan_is_sure_of_it() -> None:
    scene = film_plan().scenes[0]
    chosen_takes = (scene.model_copy(update={name: "t1"}) for name in ("take", "earlier_take"))
    plans = [film_plan().model_copy(update={"scenes": (each,)}) for each in chosen_takes]
    first_scenes = [manifest.of_film(each, "video")["assertions"][1]["data"]["scenes"][0] for each in plans]
    assert [("model" in each, each["shows"]) for each in first_scenes] == [(False, "clip")] * 2
    (still, own) = manifest.of_film(film_plan(), "stills")["assertions"][1]["data"]["scenes"]
    assert (still["shows"], "model" in still, own["shows"]) == ("still", False, "own")
    assert manifest.of_film(film_plan(), "draft")["assertions"][1]["data"]["scenes"][0]["shows"] == "drawing"
    assert "title" not in manifest.of_cover(plan((24,)), "video")


def test_the_library_finds_it_valid_and_one_byte_more_or_less_invalid(signed_video: Stitched) -> None:
    for data in (signed_video.film, signed_video.cover):
        # Nobody knows who has issued the certificate.
        assert verdict(data) == ("Valid", {"signingCredential.untrusted"})
        forgery = bytearray(data)
        forgery[-100] ^= 1
        state, complaints = verdict(bytes(forgery))
        assert state == "Invalid"
        assert complaints & {"assertion.bmffHash.mismatch", "assertion.dataHash.mismatch"}


def test_pictures_and_sound_are_those_of_the_unsigned_video(signed_video: Stitched, plain_video: Stitched) -> None:
    assert [kind for kind, _ in boxes(signed_video.film)] == [b"ftyp", b"uuid", b"moov", b"free", b"mdat", b"uuid"]
    assert manifest_in(signed_video.film)
    assert len(signed_video.film) - len(plain_video.film) < 6_000
    assert len(signed_video.cover) - len(plain_video.cover) < 6_000
    decodings = [_hashes(each) for each in (signed_video, plain_video)]
    assert decodings[0] == decodings[1]
    assert signed_video.out.size_bytes == len(signed_video.film)
    assert signed_video.out.degraded == plain_video.out.degraded


def _hashes(video: Stitched) -> list[str]:
    """Return the digests of the packets where the file says that they are, and of what they decode to."""
    film = video.bucket.path(video.out.video_key)
    kinds: tuple[list[str], ...] = (["-c", "copy"], [])
    runs = (["-i", film.name, "-map", "0", *kind, "-f", "streamhash", "-"] for kind in kinds)
    return [ffmpeg.run(args, cwd=film.parent, timeout=30).out for args in runs]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (rsa.generate_private_key(65537, 2048), "ps256"),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_key_decides_how_it_signs(plain_video: Stitched, tmp_path: Path, key: Any, algorithm: str) -> None:
    secret = secret_of(chain_of(key), key)
    assert certificate_of(secret).algorithm == algorithm
    file = tmp_path / "poster.jpg"
    file.write_bytes(plain_video.cover)
    copy = signer_from(lambda: secret)().sign(file, "image/jpeg", manifest.of_cover(film_plan(), "video"))
    assert verdict(copy.read_bytes())[0] == "Valid"


def test_a_key_in_another_form_of_pem_signs() -> None:
    key = pem_of_key(KEY_OF_LEAF, PrivateFormat.TraditionalOpenSSL)
    assert "EC PRIVATE KEY" in key
    certificate = certificate_of(json.dumps({CHAIN: pem_of(CHAIN_OF_LEAF), KEY: key}))
    assert certificate.key == pem_of_key(KEY_OF_LEAF).encode()
    assert "PRIVATE" not in repr(certificate)


def test_signing_again_changes_nothing(stitch: Stitch) -> None:
    first = stitch(signer_from(lambda: SECRET))
    film = first.film
    cover = first.cover
    again = stitch(signer_from(lambda: SECRET))
    assert (again.film, again.cover) == (film, cover)
    assert again.out == first.out


def test_another_certificate_or_none_makes_another_file(stitch: Stitch, plain_video: Stitched) -> None:
    film = stitch(signer_from(lambda: SECRET)).film
    key = new_key()
    chain = chain_of(key)
    new_film = stitch(signer_from(lambda: secret_of(chain, key))).film
    assert new_film != film
    check_signature(manifest_in(new_film), chain[0])
    assert stitch(None).film == plain_video.film
    assert manifest_in(stitch(signer_from(lambda: SECRET)).film)


EXPIRED = secret_of(chain_of(KEY_OF_LEAF, ends_in=-DAY), KEY_OF_LEAF)
UNUSABLE = {
    EXPIRED: "its certificate expired on 20",
    secret_of(chain_of(KEY_OF_LEAF, begins_in=DAY), KEY_OF_LEAF): "its certificate is not valid before 20",
    secret_of(CHAIN_OF_LEAF, new_key()): "its private key is not that of the first certificate",
    secret_of(CHAIN_OF_LEAF[::-1], KEY_OF_LEAF): "its private key is not that of the first certificate",
    json.dumps({CHAIN: "x", KEY: pem_of_key(KEY_OF_LEAF)}): "certificate_chain of its secret holds no certificates",
    json.dumps({CHAIN: pem_of(CHAIN_OF_LEAF), KEY: "x"}): "private_key of its secret holds no key in PEM",
    json.dumps({CHAIN: pem_of(CHAIN_OF_LEAF)}): "its secret is not a JSON object of",
    json.dumps([1]): "its secret is not a JSON object of",
    "-----BEGIN": "its secret is not a JSON object of",
}


@pytest.mark.parametrize(("secret", "why"), UNUSABLE.items(), ids=lambda value: value[:20] if " " in value else "")
def test_a_certificate_that_cannot_sign_is_refused_in_words(secret: str, why: str) -> None:
    with pytest.raises(NotSigned, match=why) as refusal:
        signer_from(lambda: secret)()
    assert (refusal.value.__cause__, refusal.value.__suppress_context__) in ((None, True), (None, False))


def test_a_key_of_a_kind_that_c2pa_does_not_know_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    with pytest.raises(NotSigned, match="C2PA knows no signature by a key"):
        signer_from(lambda: secret_of(chain_of(key), key))()


def test_a_video_is_not_lost_with_its_certificate(
    stitch: Stitch, plain_video: Stitched, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    stitch(None)
    capsys.readouterr()
    video = stitch(signer_from(lambda: EXPIRED))
    assert (video.film, video.cover) == (plain_video.film, plain_video.cover)
    (note,) = video.out.degraded
    assert note.startswith("the video has no signature, although this deployment signs: its certificate expired on ")
    assert '"VideosUnsigned":[1' in capsys.readouterr().out.replace(" ", "")
    assert log_of(caplog)["reason"] in note
    assert "PRIVATE" not in str(log_of(caplog))


def log_of(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """Return all that the log says of the video that was not signed."""
    (record,) = [record for record in caplog.records if record.message == "film not signed"]
    return vars(record)


def test_what_the_library_refuses_is_for_the_log_alone(stitch: Stitch, caplog: pytest.LogCaptureFixture) -> None:
    stitch(None)
    chain = chain_of(KEY_OF_LEAF, may_sign=False)
    video = stitch(signer_from(lambda: secret_of(chain, KEY_OF_LEAF)))
    (note,) = video.out.degraded
    assert note.endswith("its certificate cannot sign by C2PA's rules; the log says what is wrong with it")
    assert origins_of(video.film) == [MIXED]
    assert "certificate" in log_of(caplog)["notes"][0]


@pytest.mark.parametrize("error", [ImportError("no c2pa"), OSError("libc2pa_c.so: cannot open shared object file")])
def test_a_video_is_not_lost_with_the_library_that_signs(stitch: Stitch, error: Exception) -> None:
    def load() -> SignerSource:
        raise error

    stitch(None)
    video = stitch(loaded_by(load))
    (note,) = video.out.degraded
    assert "could not be loaded" in note
    assert str(error) not in note
    assert origins_of(video.film) == [MIXED]


def test_a_disk_without_room_is_a_refusal_to_sign(plain_video: Stitched, tmp_path: Path) -> None:
    file = tmp_path / "poster.jpg"
    file.write_bytes(plain_video.cover)
    file.with_name(f"signed-{file.name}").mkdir()
    with pytest.raises(NotSigned, match="could not be written"):
        signer_from(lambda: SECRET)().sign(file, "image/jpeg", manifest.of_cover(film_plan(), "video"))


@pytest.mark.parametrize("error", [PermissionMissing, StorageUnavailable])
def test_a_signed_video_stays_when_the_secret_cannot_be_read(
    stitch: Stitch, error: type[PermissionMissing | StorageUnavailable]
) -> None:
    def refuse() -> str:
        raise error("Secrets Manager says no.")

    film = stitch(signer_from(lambda: SECRET)).film
    video = stitch(signer_from(refuse))
    assert (video.film, video.out.degraded) == (film, ())
    stitch(None)
    (note,) = stitch(signer_from(refuse)).out.degraded
    assert note.endswith("the secret of its certificate could not be read")


def test_the_secret_is_read_once_and_again_when_its_certificate_is_over() -> None:
    secrets = [EXPIRED, SECRET, "never read"]
    signer_of = signer_from(lambda: secrets.pop(0))
    with pytest.raises(NotSigned):
        signer_of()
    assert signer_of() is signer_of()
    assert secrets == ["never read"]


def test_the_function_signs_by_the_secret_that_its_deployment_names(
    cloud: None, stitch: Stitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stitch(None).bucket.root
    for path in filter(Path.is_file, folder.rglob("*")):
        clients.s3().put_object(Bucket=BUCKET, Key=path.relative_to(folder).as_posix(), Body=path.read_bytes())
    clients.secretsmanager().create_secret(Name="signing", SecretString=SECRET)
    monkeypatch.setenv("MEDIA_BUCKET", BUCKET)
    monkeypatch.setenv("SIGNING_SECRET_ID", "signing")
    stitch_in_aws = handler("stitch")
    answers = [StitchOut.model_validate_json(json.dumps(stitch_in_aws(request().model_dump(mode="json"), None)))]
    film = Bucket(BUCKET).read_bytes(answers[0].video_key)
    check_signature(manifest_in(film), CHAIN_OF_LEAF[0])
    # The secret is kept, and the film that is there, too.
    clients.secretsmanager().delete_secret(SecretId="signing", ForceDeleteWithoutRecovery=True)
    answers.append(StitchOut.model_validate_json(json.dumps(stitch_in_aws(request().model_dump(mode="json"), None))))
    assert Bucket(BUCKET).read_bytes(answers[1].video_key) == film
    assert answers[1] == answers[0]


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == manifest.VERSION
