"""Start moto's server on loopback, quick to answer and gone without a trace.

Touches one port on 127.0.0.1, and the state that moto keeps in its modules.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from flask import got_request_exception
from moto import backends
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server import werkzeug_app
from moto.sts.models import sts_backends

from local.clients import ACCOUNT
from local.http.keys import Keys
from local.http.messages import Application
from local.http.server import Handler, Server
from local.moto_plugins import answers, copies, instances, items, listings, lookups, transactions
from local.processes import runs

_original_modules = backends.list_of_moto_modules


class _MotoHandler(Handler, werkzeug_app.MotoRequestHandler):
    """Ours, with what moto does to the headers."""


def start(port: int, around: Callable[[Application], Application], origins: Collection[str] = ()) -> Server:
    """Return an empty, running server on `port`, 0 for any; `around` wraps its WSGI application.

    Pages of `origins` may send requests. Raises OSError when the port is taken.
    """
    moto_api_backend.reset()
    copies.install()
    instances.install()
    for plugin in (listings, answers, items, lookups, transactions):
        plugin.install()
    # moto reads a folder of its own at every request, to see whether the host is one of its services.
    backends.list_of_moto_modules = cache(_modules)
    # moto lets pages of every origin read its answers; here a bucket's own rules decide, and `local.http.access`.
    setattr(werkzeug_app, "DISABLE_GLOBAL_CORS", True)  # noqa: B010 - a name of moto's own to a type checker
    got_request_exception.connect(_note)
    moto = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
    # Media in the bucket is part of the page, which has another origin.
    server = Server(port, around(moto), origins=origins, embeddable=True, handler=_MotoHandler)
    server.serve()
    return server


def _note(_sender: object, exception: BaseException, **_more: object) -> None:
    # Its answer is an internal error of the service, which clients take for one that passes.
    runs.current().disk.note(exception)


def _modules() -> tuple[str, ...]:
    return tuple(_original_modules())


def secret_of(caller: str, keys: Keys) -> str:
    """Return the secret access key of an access key id: of a role that was assumed here, or of this run."""
    role = sts_backends[ACCOUNT]["aws"].get_assumed_role_from_access_key(caller)
    return role.secret_access_key if role else keys.secret(caller)
