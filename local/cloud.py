"""Start the whole cloud on this computer: moto's server, the stack in it, the Lambda workers and the REST API.

Touches ports on 127.0.0.1, worker processes and a folder of log files; never the user's AWS account.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from local import cloudformation
from local.apigateway.gateway import Gateway
from local.clients import USERS, Clients
from local.cloudformation import deployment
from local.emulators.aws.faults_before_moto import AwsFaults
from local.emulators.faults import FaultBook
from local.emulators.transcribe.emulator import TranscribeEmulator
from local.http.access import Access
from local.http.keys import DEPLOYER, STATE_MACHINES, Keys
from local.lambda_runtime import fork_server
from local.lambda_runtime.archives import Archives
from local.lambda_runtime.runtime import InvocationReply, LambdaRuntime
from local.lambda_runtime.worker_faults import KINDS as LAMBDA_KINDS
from local.moto_plugins import cognito, executions, lambda_service, mail, moto_server
from local.processes import runs
from local.processes.scopes import quiet, variable
from local.store.keeper import Keeper, NoKeeper
from local.store.store import Store

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = Path(__file__).with_name("template.json")
STACK = "Reelwright"

# moto keeps its state in module globals, so a process can hold one cloud at a time.
_running = threading.Lock()


class EmbeddedCloud:
    """A cloud for the length of a `with` block."""

    def __init__(
        self,
        template: Mapping[str, Any] | None = None,
        *,
        parameters: Mapping[str, str] | None = None,
        secret_values: Mapping[str, Any] | None = None,
        extra_env: Mapping[str, str] | None = None,
        logs_dir: Path | None = None,
        port: int = 0,
        api_port: int = 0,
        transcribe: TranscribeEmulator | None = None,
        root: Path = ROOT,
        empty: bool = False,
        keys: Keys | None = None,
        waits: float = 1.0,
        store: Store | None = None,
    ) -> None:
        """Describe the cloud; entering the block starts it.

        `template` is a CloudFormation template (else the committed copy of the stack's), `parameters` its parameters;
        `secret_values` becomes the JSON value of the stack's secret; `extra_env` is added to every function's
        environment; ports of 0 mean any free one; handlers are imported from `root`. An `empty` cloud has no stack
        until `adopt` is called, and is the only one that takes code from whoever has a key. `keys` are the access keys
        of this run (else new ones). State machines wait the share `waits` of what their definition says. `store` keeps.
        """
        self._template = template
        self._parameters = dict(parameters or {})
        self._secret_values = dict(secret_values or {})
        self._extra_env = dict(extra_env or {})
        self._logs_dir = logs_dir
        self._ports = (port, api_port)
        self._root = root
        self._empty = empty
        self._waits = waits
        self.keys = keys or Keys()
        self.keeper = Keeper(store) if store else NoKeeper()
        self.transcribe = transcribe or TranscribeEmulator()
        self.aws = AwsFaults()
        self.lambda_faults = FaultBook(LAMBDA_KINDS)
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        """Start everything. Raises RuntimeError when this process already has a cloud."""
        with ExitStack() as exits:
            self._start(exits)
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything that was started; harmless when called twice."""
        self._exits.close()

    @property
    def password(self) -> str:
        """The password of the users that every cloud has."""
        return self.keeper.password

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service in this cloud."""
        return self._clients(service)

    def id_token(self, user: str) -> str:
        """Return a fresh ID token of one of `USERS`, or of an added user. Raises the client's error for others."""
        answer = self.client("cognito-idp").admin_initiate_auth(
            UserPoolId=self._first("AWS::Cognito::UserPool"),
            ClientId=self._first("AWS::Cognito::UserPoolClient"),
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": self.password},
        )
        return answer["AuthenticationResult"]["IdToken"]

    def id_token_of(self, user_id: str) -> str:
        """Return a fresh ID token of the user that records call so. Raises moto's UserNotFoundError."""
        pool = self._first("AWS::Cognito::UserPool")
        client = self._first("AWS::Cognito::UserPoolClient")
        return cognito.id_token(pool, client, user_id)

    def add_user(self, user: str) -> None:
        """Put a user into the pool, as `id_token` then knows them."""
        client = self.client("cognito-idp")
        pool = self._first("AWS::Cognito::UserPool")
        attributes = [{"Name": "email", "Value": f"{user}@example.com"}, {"Name": "email_verified", "Value": "true"}]
        client.admin_create_user(UserPoolId=pool, Username=user, UserAttributes=attributes, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=pool, Username=user, Password=self.password, Permanent=True)

    def _users(self) -> set[str]:
        rows = self.client("cognito-idp").list_users(UserPoolId=self._first("AWS::Cognito::UserPool"))["Users"]
        return {row["Username"] for row in rows}

    def adopt(self) -> None:
        """Take over the stack that another tool deployed: fill its secret, add the users, serve its API."""
        body = self.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
        self._open(body if isinstance(body, dict) else json.loads(body), self._exits)  # pyright: ignore[reportUnknownArgumentType]

    def update(self, template: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> None:
        """Bring the stack to another template or other parameters, as a second `cdk deploy` would."""
        self._parameters.update(parameters or {})
        self._deployer("cloudformation").update_stack(**self._stack_arguments(template))
        self._read_stack(template)

    def kill(self, match: str) -> int:
        """Kill the functions that serve an event with `match` in it, their ARN or trace id; return how many."""
        return self._runtime.kill(match)

    def prewarm(self) -> None:
        """Start a worker of every function, and the speech recogniser, without waiting for them."""
        rows = self.client("lambda").list_functions()["Functions"]
        names = [row["FunctionName"] for row in rows if self._is_ours(row["Handler"])]
        self._runtime.prewarm([lambda_service.find(name, self._archives) for name in names])
        self.transcribe.preload()

    def _is_ours(self, handler: str) -> bool:
        # The other functions are CDK's, for the time of a real deployment; their code is not here.
        return self._root.joinpath(*handler.split(".")[:-1]).with_suffix(".py").is_file()

    def _start(self, exits: ExitStack) -> None:
        if not _running.acquire(blocking=False):
            raise RuntimeError("this process already runs an embedded cloud")
        exits.callback(_running.release)
        fork_server.begin()
        # Requests and failed states are everyday events here; the state machine's history tells of them.
        exits.enter_context(quiet("werkzeug", logging.ERROR))
        exits.enter_context(quiet("moto", logging.CRITICAL))
        self.logs_dir = self._logs_dir or Path(exits.enter_context(runs.folder("logs-")))
        self.endpoint_url = self._start_moto(exits)
        self._clients = Clients(self.endpoint_url, self.keys)
        self._deployer = Clients(self.endpoint_url, self.keys, caller=DEPLOYER)
        self._plug_in(exits)
        if not self._empty:
            template = self._template or json.loads(TEMPLATE.read_text(encoding="utf-8"))
            with self.keeper.naming():
                self._deployer("cloudformation").create_stack(**self._stack_arguments(template))
            self.keeper.load(exits)
            self._open(template, exits)
            self.keeper.go_on(self._bus, self.transcribe, self.client, exits)

    def _start_moto(self, exits: ExitStack) -> str:
        access = Access(lambda caller: moto_server.secret_of(caller, self.keys), deployment=self._empty)
        self._moto = moto_server.start(
            self._ports[0], lambda moto: access.around(self.aws.around(self.keeper.around(moto)))
        )
        exits.callback(self._moto.close)
        exits.callback(self.aws.close)
        # Parts of moto find their own server by this variable.
        exits.enter_context(variable("MOTO_PORT", str(self._moto.port)))
        return self._moto.url

    def _plug_in(self, exits: ExitStack) -> None:
        cloudformation.install(Clients(self.endpoint_url, self.keys, caller=STATE_MACHINES), self._waits)
        environment = {"AWS_ENDPOINT_URL": self.endpoint_url, **self._extra_env}
        self._runtime = LambdaRuntime(self._root, self.logs_dir, environment, keys=self.keys, faults=self.lambda_faults)
        # In the other order when it stops: no state begins any more, what runs is cut off, and then nothing is at work.
        exits.callback(executions.wait)
        exits.callback(self._runtime.close)
        exits.callback(executions.halt)
        self._archives = Archives(self.logs_dir / "code")
        lambda_service.install(self._runtime, self._archives)
        cognito.install()
        self.mails = mail.Outbox(self.logs_dir / "mail")
        self.mails.install()
        self._bus = self.keeper.bus(self._invoke)
        self._bus.install()
        exits.callback(self._bus.close)
        self.transcribe.install()
        exits.callback(self.transcribe.close)

    def _invoke(self, name: str, event: object) -> InvocationReply:
        return self._runtime.invoke(lambda_service.find(name, self._archives), event)

    def _open(self, template: Mapping[str, Any], exits: ExitStack) -> None:
        self._read_stack(template)
        mail.verify_senders(template)
        if self._secret_values:
            self.client("secretsmanager").put_secret_value(
                SecretId=self._first("AWS::SecretsManager::Secret"), SecretString=json.dumps(self._secret_values)
            )
        if self._types.get("AWS::Cognito::UserPool"):
            for user in sorted(set(USERS) - self._users()):
                self.add_user(user)
        self.gateway = Gateway(template, self.resources, self.endpoint_url, self.keys, port=self._ports[1])
        # The page talks to Cognito and to the bucket too.
        self._moto.origins |= self.gateway.origins
        exits.callback(self.gateway.close)
        self.api_url = self.gateway.url

    def _stack_arguments(self, template: Mapping[str, Any]) -> dict[str, Any]:
        return deployment.arguments(STACK, template, self._parameters)

    def _read_stack(self, template: Mapping[str, Any]) -> None:
        client = self.client("cloudformation")
        stack = client.describe_stacks(StackName=STACK)["Stacks"][0]
        self.outputs = {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}
        rows = client.describe_stack_resources(StackName=STACK)["StackResources"]
        self.resources = {row["LogicalResourceId"]: row.get("PhysicalResourceId", "") for row in rows}
        self._types: dict[str, list[str]] = {}
        for name, entry in template["Resources"].items():
            self._types.setdefault(entry["Type"], []).append(name)

    def _first(self, resource_type: str) -> str:
        return self.resources[self._types[resource_type][0]]
