"""The whole system on one machine: the embedded cloud and the stand-ins for OpenAI, Vertex AI and Google's sign-in.

Touches loopback only, unless a provider is asked for live; everything that it starts ends with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from local import live as live_providers
from local import signing
from local.cloud import EmbeddedCloud
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.clips import ClipMaker, storyboard
from local.emulators.google.emulator import VeoEmulator
from local.emulators.openai.emulator import OpenAIEmulator
from local.emulators.transcribe.emulator import TranscribeEmulator
from local.http.keys import Keys
from local.processes import surroundings
from local.sign_in import CurrentToken
from local.speech.recogniser import Recogniser
from local.store.store import OPERATIONS, SALES, TRANSCRIPTIONS, Store, shelf_of
from shared.settings import STAND_IN

# The same template as in the cloud, polled faster: an animatic is ready in seconds, a Veo clip in a minute.
FAST = {"TranscribePollSeconds": "1", "FirstPollSeconds": "2", "PollSeconds": "1", "SceneConcurrency": "4"}
LIVE_VEO = FAST | {"FirstPollSeconds": "40", "PollSeconds": "5"}


class LocalSystem:
    """Brings everything up on entering and down on leaving.

    `live` names the providers that are used for real, with the keys of the environment; `port` and `api_port` fix the
    ports of the AWS endpoint and of the API (0 for any); `pace` overrides the template's polling parameters, `settings`
    the functions' environment; `make` draws the clips, `recogniser` hears for Amazon Transcribe; an `empty` system's
    cloud has no stack until another tool deployed one and it is adopted; state machines wait the share `waits` of their
    Wait states and of the pauses between tries; a `store` keeps what is made.
    """

    def __init__(
        self,
        live: Collection[str] = (),
        *,
        port: int = 0,
        api_port: int = 0,
        pace: Mapping[str, str] | None = None,
        logs: Path | None = None,
        environment: Mapping[str, str] = os.environ,
        settings: Mapping[str, str] | None = None,
        make: ClipMaker = storyboard,
        recogniser: Recogniser | None = None,
        empty: bool = False,
        waits: float = 1.0,
        store: Store | None = None,
    ) -> None:
        self._live = set(live)
        self._ports = (port, api_port)
        self._pace = {**(LIVE_VEO if "veo" in self._live else FAST), **(pace or {})}
        self._logs = logs
        self._environment = environment
        self._signing = signing.secret(environment)
        self._empty = empty
        self._waits = waits
        self._settings = dict(settings or {})
        self._recogniser = recogniser
        self._stack = ExitStack()
        self.keys = Keys()
        self.google = GoogleAuthEmulator(secret_of=self.keys.secret)
        self._store = store
        self.openai = OpenAIEmulator()
        self.veo = VeoEmulator(
            token_valid=self.google.is_valid,
            make=make,
            sales=shelf_of(store, SALES),
            operations=shelf_of(store, OPERATIONS),
        )
        self.cloud: EmbeddedCloud

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for emulator in (self.google, self.openai, self.veo):
                stack.enter_context(emulator)
            self.cloud = stack.enter_context(self._make_cloud())
            if self._signing:
                self.cloud.client("secretsmanager").create_secret(Name=signing.SECRET_ID, SecretString=self._signing)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def token(self, user: str = "demo") -> Callable[[], str]:
        """Return a function that gives a current ID token of the user."""
        return CurrentToken(lambda: self.cloud.id_token(user))

    def _make_cloud(self) -> EmbeddedCloud:
        port, api_port = self._ports
        return EmbeddedCloud(
            parameters=self._pace,
            secret_values=self._secret(),
            extra_env=self._endpoints() | self._reach() | self._site() | self._signs() | self._settings,
            port=port,
            api_port=api_port,
            logs_dir=self._logs,
            empty=self._empty,
            keys=self.keys,
            waits=self._waits,
            transcribe=TranscribeEmulator(recogniser=self._recogniser, shelf=shelf_of(self._store, TRANSCRIPTIONS)),
            store=self._store,
        )

    def _endpoints(self) -> dict[str, str]:
        """Return what points the SDKs at the stand-ins: their own variables, none for a live provider."""
        stand_ins = {
            # The stand-in plans by measures of its own, and knows no languages.
            "openai": {"OPENAI_BASE_URL": f"{self.openai.url}/v1", "PLANNED_BY": STAND_IN},
            # Its quota is one that nobody meets; orders ask for their turns nevertheless, as they do in the cloud.
            "veo": {"GOOGLE_VERTEX_BASE_URL": self.veo.url, "ORDERS_PER_MINUTE": "6000"},
        }
        groups = (variables for provider, variables in stand_ins.items() if provider not in self._live)
        return {name: value for variables in groups for name, value in variables.items()}

    def _reach(self) -> dict[str, str]:
        """Return how this machine reaches the internet, for whom a live provider is to be reached."""
        return surroundings.for_providers(self._environment) if self._live else {}

    def _site(self) -> dict[str, str]:
        """Return where e-mails say that the page is; a port that is not fixed is known to nobody before it is."""
        return {"SITE_URL": f"http://localhost:{self._ports[1]}"} if self._ports[1] else {}

    def _signs(self) -> dict[str, str]:
        """Return how the functions are told of what they sign by, where there is such a thing."""
        return {signing.VARIABLE: signing.SECRET_ID} if self._signing else {}

    def _secret(self) -> dict[str, Any]:
        secret: dict[str, Any] = {
            "openai_api_key": self.openai.api_key,
            "google_cloud_credentials": json.dumps(self.google.service_account_info()),
            "vertex_ai_project_id": "local-project",
            "vertex_ai_location": "us-central1",
        }
        return secret | live_providers.secret(self._live, self._environment)
