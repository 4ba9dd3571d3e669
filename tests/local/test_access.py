"""Who has no key of this run gets nothing from the AWS endpoint: calls, links, forms, sign-ins, code."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.cloud import EmbeddedCloud
from local.http.keys import DEPLOYER, USER
from local.http.public_calls import PUBLIC

COGNITO = "AWSCognitoIdentityProviderService"
SERVICES: dict[str, Callable[[Any], Any]] = {
    "s3": lambda client: client.list_buckets(),
    "dynamodb": lambda client: client.list_tables(),
    "lambda": lambda client: client.list_functions(),
    "secretsmanager": lambda client: client.list_secrets(),
    "stepfunctions": lambda client: client.list_state_machines(),
    "cloudformation": lambda client: client.list_stacks(),
    "sts": lambda client: client.get_caller_identity(),
    "cognito-idp": lambda client: client.list_user_pools(MaxResults=1),
    "events": lambda client: client.list_rules(),
}


def client(cloud: EmbeddedCloud, service: str, secret: str, caller: str = USER, token: str | None = None) -> Any:
    make: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return make(
        service,
        endpoint_url=cloud.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=caller,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(signature_version="s3v4") if service == "s3" else None,
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_runs_own_key_opens_every_service(small_cloud: EmbeddedCloud, service: str) -> None:
    SERVICES[service](client(small_cloud, service, small_cloud.keys.secret(USER)))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("caller", [USER, DEPLOYER, "echo", "guess"])
def test_a_guessed_key_opens_none(small_cloud: EmbeddedCloud, service: str, caller: str) -> None:
    for secret in ("local", "x", small_cloud.keys.secret("somebody else")):
        with pytest.raises(ClientError) as failure:
            SERVICES[service](client(small_cloud, service, secret, caller))
        answer: Any = failure.value.response
        assert answer["Error"]["Code"] in ("InvalidSignatureException", "SignatureDoesNotMatch")
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_key_of_another_run_opens_nothing(small_cloud: EmbeddedCloud) -> None:
    from local.http.keys import Keys

    with pytest.raises(ClientError, match="reelwright env"):
        client(small_cloud, "dynamodb", Keys().secret(USER)).list_tables()


def test_a_role_that_was_assumed_here_has_keys(small_cloud: EmbeddedCloud) -> None:
    sts = client(small_cloud, "sts", small_cloud.keys.secret(USER))
    keys = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="session")["Credentials"]
    key_parts = (keys["SecretAccessKey"], keys["AccessKeyId"], keys["SessionToken"])
    client(small_cloud, "dynamodb", *key_parts).list_tables()
    with pytest.raises(ClientError):
        client(small_cloud, "dynamodb", "wrong", keys["AccessKeyId"]).list_tables()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/moto-api/data.json"),
        ("POST", "/moto-api/reset"),
        ("POST", "/moto-api/seed?a=1"),
        ("GET", "/latest/meta-data/iam/security-credentials/x"),
        ("GET", "/2015-03-31/functions/"),
        ("POST", "/2015-03-31/functions/echo/invocations"),
        ("GET", "/?Action=ListStacks&Version=2010-05-15"),
        ("POST", "/?X-Amz-Signature=x"),
        ("GET", "/{bucket}"),
        ("GET", "/{bucket}/up/load.txt"),
        ("PUT", "/{bucket}/up/load.txt"),
        ("DELETE", "/{bucket}/up/load.txt"),
        ("GET", "/{bucket}/.well-known/jwks.json/../../x"),
    ],
)
def test_what_nobody_signed_gets_nothing(small_cloud: EmbeddedCloud, method: str, path: str) -> None:
    address = small_cloud.endpoint_url + path.format(bucket=small_cloud.resources["Bucket"])
    reply = requests.request(method, address, data=b"{}", timeout=10)
    assert reply.status_code == 403
    for form in ("Action=CreateUser&Version=2010-05-08&UserName=eve", "Action=GetCallerIdentity&Version=2011-06-15"):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert requests.post(small_cloud.endpoint_url, form, headers=kind, timeout=10).status_code == 403


@pytest.mark.parametrize(
    "target", ["DynamoDB_20120810.ListTables", "secretsmanager.ListSecrets", "AWSEvents.PutEvents"]
)
def test_unsigned_calls_by_target_get_nothing(small_cloud: EmbeddedCloud, target: str) -> None:
    reply = requests.post(small_cloud.endpoint_url, b"{}", headers={"X-Amz-Target": target}, timeout=10)
    assert (reply.status_code, reply.json()["__type"]) == (403, "MissingAuthenticationToken")


def cognito(cloud: EmbeddedCloud, action: str, body: dict[str, Any]) -> requests.Response:
    headers = {"X-Amz-Target": f"{COGNITO}.{action}", "Content-Type": "application/x-amz-json-1.1"}
    return requests.post(cloud.endpoint_url, json.dumps(body), headers=headers, timeout=10)


@pytest.mark.parametrize(
    "action",
    ["SignUp", "ConfirmSignUp", "ForgotPassword", "ConfirmForgotPassword", "AdminSetUserPassword", "ListUsers"],
)
def test_of_cognito_only_what_the_page_needs_is_public(small_cloud: EmbeddedCloud, action: str) -> None:
    assert action not in PUBLIC
    reply = cognito(small_cloud, action, {"ClientId": small_cloud.resources["PoolClient"], "Username": "demo"})
    assert (reply.status_code, reply.json()["__type"]) == (403, "MissingAuthenticationToken")


ATTACK: dict[str, Any] = {"Username": "demo", "Password": "Eve-was-here-1!", "Permanent": True}
SMUGGLED: dict[str, tuple[str, str, str]] = {
    "by the query": ("/?Action=AdminSetUserPassword", "", "application/x-amz-json-1.1"),
    "in the words of the document": ("/", "x&Action=AdminSetUserPassword&y", "application/x-amz-json-1.1"),
    "as a form": ("/", "", "application/x-www-form-urlencoded"),
    "to moto itself": ("/moto-api/reset", "", "application/x-amz-json-1.1"),
    "to another path": ("/2015-03-31/functions/", "", "application/x-amz-json-1.1"),
}


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
@pytest.mark.parametrize("way", SMUGGLED)
def test_nothing_else_is_smuggled_in_as_a_public_call(small_cloud: EmbeddedCloud, way: str, method: str) -> None:
    """moto looks for the operation in a query, and in whatever can be read as a form, before it looks at the target."""
    path, words, kind = SMUGGLED[way]
    document = {"UserPoolId": small_cloud.resources["Pool"], "ClientId": words, **ATTACK}
    (origin, *_) = small_cloud.gateway.origins
    headers = {"X-Amz-Target": f"{COGNITO}.InitiateAuth", "Content-Type": kind, "Origin": origin}
    body = json.dumps(document) + ("&Action=AdminSetUserPassword" if "form" in kind else "")
    reply = requests.request(method, small_cloud.endpoint_url + path, data=body, headers=headers, timeout=10)
    assert reply.status_code in (400, 403) or (method, path[:2]) in (("OPTIONS", "/"), ("OPTIONS", "/?"))
    assert small_cloud.id_token("demo")


@pytest.mark.parametrize("challenge", ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "SMS_MFA", "MFA_SETUP", "X"])
def test_a_sign_in_answers_what_was_asked(small_cloud: EmbeddedCloud, challenge: str) -> None:
    """moto itself lets whoever has begun a sign-in choose the question, and so the demo user's password."""
    app = small_cloud.resources["PoolClient"]
    answer = cognito(
        small_cloud,
        "InitiateAuth",
        {"ClientId": app, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": "demo", "SRP_A": "f" * 700}},
    ).json()
    session = base64.b64decode(answer["ChallengeParameters"]["SECRET_BLOCK"]).decode()
    answers = {"USERNAME": "demo", "NEW_PASSWORD": "Eve-was-here-1!", f"{challenge}_CODE": "123456"}
    reply = cognito(
        small_cloud,
        "RespondToAuthChallenge",
        {"ClientId": app, "ChallengeName": challenge, "Session": session, "ChallengeResponses": answers},
    )
    assert (reply.status_code, reply.json()["__type"]) == (400, "NotAuthorizedException")
    assert small_cloud.id_token("demo")


@pytest.mark.parametrize("flow", ["USER_PASSWORD_AUTH", "CUSTOM_AUTH"])
def test_a_flow_that_the_client_does_not_allow_is_refused(small_cloud: EmbeddedCloud, flow: str) -> None:
    credentials = {"USERNAME": "demo", "PASSWORD": small_cloud.password}
    body = {"ClientId": small_cloud.resources["PoolClient"], "AuthFlow": flow, "AuthParameters": credentials}
    assert cognito(small_cloud, "InitiateAuth", body).json()["__type"] == "InvalidParameterException"


CODE = base64.b64decode("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")


FUNCTION = {"Runtime": "python3.13", "Role": "arn:aws:iam::123456789012:role/r", "Handler": "os.system"}
BRINGING: list[tuple[str, str, dict[str, Any]]] = [
    ("lambda", "create_function", {"FunctionName": "eve", "Code": {"ZipFile": CODE}, **FUNCTION}),
    ("lambda", "update_function_code", {"FunctionName": "echo", "ZipFile": CODE}),
    ("lambda", "update_function_configuration", {"FunctionName": "echo", "Handler": "os.system"}),
    ("lambda", "publish_layer_version", {"LayerName": "eve", "Content": {"ZipFile": CODE}}),
    ("cloudformation", "create_stack", {"StackName": "eve", "TemplateBody": "{}"}),
    ("cloudformation", "update_stack", {"StackName": "Reelwright", "TemplateBody": "{}"}),
    ("cloudformation", "create_change_set", {"StackName": "e", "ChangeSetName": "e", "TemplateBody": "{}"}),
]


@pytest.mark.parametrize(("service", "operation", "arguments"), BRINGING, ids=[row[1] for row in BRINGING])
def test_code_comes_by_the_clouds_own_stack_only(
    small_cloud: EmbeddedCloud, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="as its own stack brought it"):
        getattr(small_cloud.client(service), operation)(**arguments)
    handler = small_cloud.client("lambda").get_function_configuration(FunctionName="echo")["Handler"]
    assert handler == "tests.local.handlers.echo.handler"


@pytest.mark.parametrize("body", ["%41ction=CreateStack", "Action=%43reateStack", "a=b&Action=ExecuteChangeSet"])
@pytest.mark.parametrize("place", ["the body", "the query"])
def test_an_action_is_read_as_moto_reads_it(small_cloud: EmbeddedCloud, body: str, place: str) -> None:
    in_body = place == "the body"
    request = AWSRequest(
        "POST",
        f"{small_cloud.endpoint_url}/{'' if in_body else '?' + body}",
        data=body if in_body else "",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    credentials = Credentials(USER, small_cloud.keys.secret(USER))
    SigV4Auth(credentials, "cloudformation", "us-east-1").add_auth(request)
    prepared_request = request.prepare()
    answer = requests.post(
        prepared_request.url, data=prepared_request.body, headers=dict(prepared_request.headers), timeout=10
    )
    assert answer.status_code == 403
    # An address that is written otherwise than it was signed is refused for that alone.
    assert "as its own stack brought it" in answer.text or (not in_body and "%" in body)


@pytest.fixture(name="object_key", scope="module")
def object_in_the_bucket(small_cloud: EmbeddedCloud) -> str:
    small_cloud.client("s3").put_object(Bucket=small_cloud.resources["Bucket"], Key="a/ü b+c.txt", Body=b"words")
    return "a/ü b+c.txt"


def link(cloud: EmbeddedCloud, key: str, secret: str | None = None, seconds: int = 60) -> str:
    s3 = client(cloud, "s3", secret or cloud.keys.secret(USER))
    where = {"Bucket": cloud.resources["Bucket"], "Key": key}
    return s3.generate_presigned_url("get_object", where, ExpiresIn=seconds)


def test_a_presigned_link_opens_its_object(small_cloud: EmbeddedCloud, object_key: str) -> None:
    with urllib.request.urlopen(link(small_cloud, object_key), timeout=10) as reply:
        assert reply.read() == b"words"


@pytest.mark.parametrize("change", ["secret", "object", "method", "lifetime", "signature", "expired", "forever"])
def test_a_changed_or_forged_link_opens_nothing(small_cloud: EmbeddedCloud, object_key: str, change: str) -> None:
    address = link(small_cloud, object_key)
    changed_link = {
        "secret": link(small_cloud, object_key, "guess"),
        "object": address.replace("/a/", "/b/"),
        "method": address,
        "lifetime": address.replace("X-Amz-Expires=60", "X-Amz-Expires=604800"),
        "signature": address[:-4] + "0000",
        "expired": link(small_cloud, object_key, seconds=-1),
        "forever": address.replace("X-Amz-Expires=60", "X-Amz-Expires=9999999"),
    }[change]
    reply = requests.request("DELETE" if change == "method" else "GET", changed_link, timeout=10)
    assert reply.status_code == 403
    assert b"words" not in reply.content


Form = dict[str, str]


def form(cloud: EmbeddedCloud, secret: str | None = None, seconds: int = 60) -> tuple[str, Form]:
    s3 = client(cloud, "s3", secret or cloud.keys.secret(USER))
    form_post = s3.generate_presigned_post(
        cloud.resources["Bucket"],
        "up/mine.txt",
        Fields={"Content-Type": "text/plain"},
        Conditions=[{"Content-Type": "text/plain"}],
        ExpiresIn=seconds,
    )
    return form_post["url"], form_post["fields"]


def post(url: str, fields: Form, size: int = 200_000) -> requests.Response:
    return requests.post(url, data=fields, files={"file": ("x.txt", b"x" * size)}, timeout=30)


@pytest.mark.parametrize("size", [0, 5, 200_000, 5_000_000])
def test_a_form_stores_its_file(small_cloud: EmbeddedCloud, size: int) -> None:
    assert post(*form(small_cloud), size).status_code == 204
    reply = small_cloud.client("s3").get_object(Bucket=small_cloud.resources["Bucket"], Key="up/mine.txt")
    assert reply["Body"].read() == b"x" * size


@pytest.mark.parametrize("change", ["secret", "key", "policy", "type", "extra", "expired", "unsigned", "late policy"])
def test_a_changed_or_forged_form_stores_nothing(small_cloud: EmbeddedCloud, change: str) -> None:
    url, fields = form(small_cloud)
    policy = json.loads(base64.b64decode(fields["policy"]))
    later = {**policy, "expiration": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    changed_form: Form = {
        "secret": lambda: form(small_cloud, "guess")[1],
        "key": lambda: {**fields, "key": "up/other.txt"},
        "policy": lambda: {**fields, "policy": base64.b64encode(json.dumps(later).encode()).decode()},
        "type": lambda: {**fields, "Content-Type": "text/html"},
        "extra": lambda: {**fields, "acl": "public-read"},
        "expired": lambda: form(small_cloud, seconds=-1)[1],
        "unsigned": lambda: {"key": "up/mine.txt"},
        "late policy": lambda: {"x": "y" * 50_000, **fields},
    }[change]()
    before = small_cloud.client("s3").list_objects_v2(Bucket=small_cloud.resources["Bucket"])
    assert post(url, changed_form).status_code == 403
    after = small_cloud.client("s3").list_objects_v2(Bucket=small_cloud.resources["Bucket"])
    assert [row["ETag"] for row in after.get("Contents", ())] == [row["ETag"] for row in before.get("Contents", ())]


def test_the_keys_of_the_pool_are_public_and_not_motos(small_cloud: EmbeddedCloud) -> None:
    address = f"{small_cloud.endpoint_url}/{small_cloud.resources['Pool']}/.well-known/jwks.json"
    (key,) = requests.get(address, timeout=10).json()["keys"]
    assert "d" not in key
    assert len(key["n"]) > 300


def test_an_old_signature_is_refused(small_cloud: EmbeddedCloud) -> None:
    requests_sent: list[Any] = []
    dynamodb = client(small_cloud, "dynamodb", small_cloud.keys.secret(USER))

    def note(request: Any, **_: Any) -> None:
        requests_sent.append(request)

    dynamodb.meta.events.register("before-send.dynamodb", note)
    dynamodb.list_tables()
    headers = {
        name: value.decode() if isinstance(value, bytes) else value for name, value in requests_sent[0].headers.items()
    }
    again = urllib.request.Request(
        requests_sent[0].url, requests_sent[0].body, headers | {"X-Amz-Date": "20200101T000000Z"}
    )
    with pytest.raises(urllib.error.HTTPError) as failure:
        urllib.request.urlopen(again, timeout=10)
    with failure.value as error:
        assert (error.code, b"Signature expired" in error.read()) == (403, True)
