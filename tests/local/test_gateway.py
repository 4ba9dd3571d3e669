"""The REST API over HTTP: routes, tokens, events, errors and limits."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from local.apigateway.gateway import Gateway
from local.apigateway.proxy import proxy_event
from local.apigateway.routes import read_api
from local.cloud import EmbeddedCloud
from local.http.messages import HttpRequest
from local.moto_plugins import cognito
from tests.local import stack


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Answer(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read())


@pytest.fixture(name="token", scope="module")
def token_of_the_demo_user(small_cloud: EmbeddedCloud) -> str:
    return small_cloud.id_token("demo")


def test_open_route_without_a_token(small_cloud: EmbeddedCloud) -> None:
    answer = call(f"{small_cloud.api_url}/?a=1&a=2&b=")
    assert answer.status == 201
    event = answer.json
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/", "/", "GET")
    assert event["queryStringParameters"] == {"a": "2", "b": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert "authorizer" not in event["requestContext"]
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_token_opens_the_guarded_route(small_cloud: EmbeddedCloud, token: str, prefix: str) -> None:
    event = call(f"{small_cloud.api_url}/videos/my%20id", Authorization=prefix + token).json
    assert event["pathParameters"] == {"videoId": "my id"}
    assert event["resource"] == "/videos/{videoId}"
    assert event["requestContext"]["stage"] == "v1"
    assert event["requestContext"]["path"] == "/v1/videos/my%20id"
    claims = event["requestContext"]["authorizer"]["claims"]
    assert claims["cognito:username"] == "demo"
    assert all(isinstance(value, str) for value in claims.values())


def test_stage_prefix_may_be_left_out(small_cloud: EmbeddedCloud, token: str) -> None:
    bare = small_cloud.api_url.removesuffix("/v1")
    assert call(f"{bare}/videos/v1", Authorization=token).json["path"] == "/videos/v1"


def test_a_slash_at_the_end_of_a_path_is_overlooked(small_cloud: EmbeddedCloud, token: str) -> None:
    event = call(f"{small_cloud.api_url}/videos/v1/", Authorization=token).json
    assert (event["resource"], event["pathParameters"]) == ("/videos/{videoId}", {"videoId": "v1"})
    assert event["path"] == "/videos/v1/"


def test_users_are_different_people(small_cloud: EmbeddedCloud, token: str) -> None:
    url = f"{small_cloud.api_url}/videos/v"
    answers = [call(url, Authorization=text).json for text in (token, small_cloud.id_token("other"))]
    subs = [answer["requestContext"]["authorizer"]["claims"]["sub"] for answer in answers]
    assert subs[0] != subs[1]


def published_key() -> RSAKey:
    """The key that user pools of moto sign with everywhere else, which everybody can download."""
    archive = files("moto.cognitoidp").joinpath("resources/jwks-private.json.gz").read_bytes()
    return RSAKey.import_key(json.loads(gzip.decompress(archive)))


def signed_token(small_cloud: EmbeddedCloud, key: RSAKey | None = None, **changes: Any) -> str:
    """An ID token with everything right but what `changes` says."""
    pool = small_cloud.resources["Pool"]
    client = small_cloud.resources["PoolClient"]
    claims: dict[str, Any] = {
        "sub": "somebody",
        "token_use": "id",
        "aud": client,
        "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
        "exp": int(time.time()) + 60,
    }
    return jwt.encode({"alg": "RS256", "kid": "dummy"}, claims | changes, key or cognito.signing_key())


def without_signature(token: str) -> str:
    """The token with `alg: none` and no signature."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","kid":"dummy"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def test_a_token_with_everything_right_passes(small_cloud: EmbeddedCloud) -> None:
    assert call(f"{small_cloud.api_url}/videos/v", Authorization=signed_token(small_cloud)).status == 201


def access_token(small_cloud: EmbeddedCloud) -> str:
    answer = small_cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=small_cloud.resources["Pool"],
        ClientId=small_cloud.resources["PoolClient"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "demo", "PASSWORD": small_cloud.password},
    )
    return answer["AuthenticationResult"]["AccessToken"]


@pytest.mark.parametrize(
    "kind", ["missing", "nonsense", "cut", "forged", "published", "unsigned", "access", "expired", "pool", "client"]
)
def test_wrong_tokens_are_refused_with_cors(small_cloud: EmbeddedCloud, token: str, kind: str) -> None:
    wrong = {
        "missing": lambda: "",
        "nonsense": lambda: "Bearer abc",
        "cut": lambda: token[:-4],
        "forged": lambda: signed_token(small_cloud, RSAKey.generate_key(2048)),
        "published": lambda: signed_token(small_cloud, published_key()),
        "unsigned": lambda: without_signature(token),
        "expired": lambda: signed_token(small_cloud, exp=int(time.time()) - 1),
        "pool": lambda: signed_token(small_cloud, iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
        "client": lambda: signed_token(small_cloud, aud="another-client"),
        "access": lambda: access_token(small_cloud),
    }[kind]()
    answer = call(f"{small_cloud.api_url}/videos/v", Authorization=wrong)
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_unknown_route(small_cloud: EmbeddedCloud) -> None:
    answer = call(f"{small_cloud.api_url}/nowhere")
    assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_preflight(small_cloud: EmbeddedCloud) -> None:
    answer = call(f"{small_cloud.api_url}/videos", "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "OPTIONS,GET"


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"name": "x"}', 201), (b'{"name": 1}', 400), (b"{}", 400), (b"not json", 400), (b"", 400)]
)
def test_body_is_validated(small_cloud: EmbeddedCloud, token: str, body: bytes, status: int) -> None:
    answer = call(f"{small_cloud.api_url}/videos", "POST", body, Authorization=token)
    assert answer.status == status
    if status == 400:
        assert answer.json == {"message": "Invalid request body"}


@pytest.mark.parametrize("mode", ["broken", "raise"])
def test_failed_integration(small_cloud: EmbeddedCloud, mode: str) -> None:
    answer = call(f"{small_cloud.api_url}/?mode={mode}")
    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})


@pytest.fixture(name="hasty_gateway")
def gateway_with_a_short_timeout(small_cloud: EmbeddedCloud) -> Iterator[Gateway]:
    gateway = Gateway(stack.template(), small_cloud.resources, small_cloud.endpoint_url, small_cloud.keys, timeout=0.5)
    yield gateway
    gateway.close()


def test_slow_integration(hasty_gateway: Gateway) -> None:
    answer = call(f"{hasty_gateway.url}/?mode=slow")
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})


@pytest.fixture(name="left_alone")
def gateway_of_a_cloud_that_is_gone(small_cloud: EmbeddedCloud) -> Iterator[Gateway]:
    with socket.socket() as nobody:
        # Bound but not listening: whoever connects is refused, and nobody else can get the port.
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        gateway = Gateway(stack.template(), small_cloud.resources, endpoint, small_cloud.keys)
        yield gateway
        gateway.close()


def test_integration_out_of_reach(left_alone: Gateway, capfd: pytest.CaptureFixture[str]) -> None:
    answer = call(f"{left_alone.url}/")
    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})
    assert capfd.readouterr().err == ""


def test_binary_reply_and_many_headers(small_cloud: EmbeddedCloud) -> None:
    assert call(f"{small_cloud.api_url}/?mode=binary").body == b"\x00\x01\x02\xff"
    request = urllib.request.Request(f"{small_cloud.api_url}/")
    with urllib.request.urlopen(request, timeout=60) as response:
        assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_binary_request_is_encoded(small_cloud: EmbeddedCloud) -> None:
    api = read_api(stack.template(), small_cloud.resources)
    route = next(route for route in api.routes if route.resource == "/")
    event = proxy_event(HttpRequest("POST", "/", {}, {}, b"\xff\x00"), route, {}, "v1", None)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\xff\x00"
