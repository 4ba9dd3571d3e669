"""Serve the built page as CloudFront does: its files, its configuration, and the page itself at every other address.

Reads the files of `web/dist`, once.
"""

from __future__ import annotations

import gzip
import hmac
import json
import mimetypes
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.clients import REGION, USERS
from local.cloud import EmbeddedCloud
from local.http.keys import USER
from local.http.messages import HttpRequest, Response
from local.processes import runs
from shared.http import site

DIST = Path(__file__).resolve().parents[1] / "web" / "dist"
INDEX = "/index.html"
# The page sends its key in this header, which no other page's script may set for this address.
KEY_HEADER = "X-Reelwright-Key"
NOT_BUILT = "The page is not built; `make web` builds it."
# Some systems' tables of types lack it, and a browser refuses a font or a module of another type.
TYPES = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
# What CloudFront compresses, too: text, and fonts that are not compressed themselves.
COMPRESSED = frozenset({".html", ".js", ".css", ".svg", ".json", ".ttf", ".wasm"})
GZIP = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))


class PageServer:
    """The page of one deployment."""

    def __init__(
        self,
        config: Mapping[str, Any],
        headers: Mapping[str, str],
        folder: Path = DIST,
        private: Mapping[str, Any] | None = None,
    ) -> None:
        """`config` becomes `/config.json`, `headers` are sent with every file; `folder` may hold no page yet.

        What is `private` is added to the configuration for whoever shows the page's `key`.
        """
        self.key = secrets.token_urlsafe(24)
        self._private = json.dumps({**config, **(private or {})}).encode()
        self._headers = tuple(headers.items())
        files = (path for path in folder.rglob("*") if path.is_file())
        self._bodies = {f"/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}
        self.is_built = INDEX in self._bodies
        self._bodies[site.CONFIG] = json.dumps(config).encode()
        self._gzip_bodies: dict[str, bytes] = {}

    def answer(self, request: HttpRequest) -> Response:
        """Return the reply to a request: a file, or the page where an address has no ending: its router knows it."""
        if request.method not in ("GET", "HEAD"):
            return Response(405, (("Allow", "GET, HEAD"),), b"")
        name = request.path if Path(request.path).suffix else INDEX
        if name not in self._bodies:
            words = b"Not found" if self.is_built else NOT_BUILT.encode()
            return Response(404, (("Content-Type", "text/plain"), *self._headers), words)
        is_private = name == site.CONFIG and self._is_the_page(request)
        caching = site.PRIVATE if is_private else site.caching(name)
        headers = (("Content-Type", _kind(name)), ("Cache-Control", caching), *self._headers)
        if is_private:
            return Response(200, headers, self._private)
        if Path(name).suffix in COMPRESSED and "gzip" in request.header("Accept-Encoding"):
            return Response(200, (*headers, *GZIP), self._gzip_of(name))
        return Response(200, headers, self._bodies[name])

    def _gzip_of(self, name: str) -> bytes:
        if name not in self._gzip_bodies:
            self._gzip_bodies[name] = gzip.compress(self._bodies[name], mtime=0)
        return self._gzip_bodies[name]

    def _is_the_page(self, request: HttpRequest) -> bool:
        return hmac.compare_digest(request.header(KEY_HEADER).encode(), self.key.encode())


def mount(cloud: EmbeddedCloud, *, preview: bool = True) -> str:
    """Serve the page in front of the cloud's API and return its address, or what to do when it is not built.

    `preview` says that stand-ins draw the clips, so that the page shows no price as if it were charged. The address
    holds the page's key, which a browser keeps to itself. This user's other commands are told of the cloud.
    """
    page = of(cloud, preview=preview)
    cloud.gateway.site = page.answer
    _admit(cloud, sorted(cloud.gateway.origins))
    address = urlsplit(cloud.api_url)
    runs.current().tell(
        {
            "port": address.port,
            "api": cloud.api_url,
            "data": cloud.keeper.folder,
            "live": cloud.keeper.live,
            "endpoint": cloud.endpoint_url,
            "caller": USER,
            "secret": cloud.keys.secret(USER),
            "pool": cloud.outputs["UserPoolId"],
            "client": cloud.outputs["UserPoolClientId"],
            "password": cloud.password,
        }
    )
    return f"http://localhost:{address.port}/#key={page.key}" if page.is_built else NOT_BUILT


def _admit(cloud: EmbeddedCloud, origins: list[str]) -> None:
    # The bucket takes uploads from the origin that the template was made for, which is of another port.
    s3 = cloud.client("s3")
    bucket = cloud.outputs["BucketName"]
    rules = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    s3.put_bucket_cors(
        Bucket=bucket, CORSConfiguration={"CORSRules": [{**rule, "AllowedOrigins": origins} for rule in rules]}
    )


def of(cloud: EmbeddedCloud, folder: Path = DIST, *, preview: bool = True) -> PageServer:
    """Return the page of a running local cloud, with its demo users."""
    config = site.config(
        # Relative, so that the page and its API share whichever name of this machine the browser was given.
        api_url=f"/{cloud.api_url.rsplit('/', 1)[-1]}",
        region=REGION,
        user_pool_id=cloud.outputs["UserPoolId"],
        client_id=cloud.outputs["UserPoolClientId"],
        cognitoEndpoint=cloud.endpoint_url,
        preview=preview,
    )
    private = {"demoUsers": [{"name": user, "password": cloud.password} for user in USERS]}
    headers = site.headers("'self'", cloud.endpoint_url, [cloud.endpoint_url])
    return PageServer(config, headers, folder, private)


def _kind(name: str) -> str:
    suffix = Path(name).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
