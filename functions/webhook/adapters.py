"""Webhook's conversations: the record, the secret, and the receiver.

Touches DynamoDB, Secrets Manager and one address of the internet, which was checked before it is connected to.
"""

from __future__ import annotations

import urllib3
from urllib3.exceptions import HTTPError

from shared.aws import clients
from shared.errors import DeliveryFailed
from shared.http.webhook_url import Receiver, addresses

# Seconds; a receiver answers at once and works later.
PATIENCE = urllib3.Timeout(connect=5, read=10)


def secret(secret_id: str) -> str:
    """Return the signing secret as it is now."""
    return clients.secretsmanager().get_secret_value(SecretId=secret_id)["SecretString"]


def post(to: Receiver, body: str, headers: dict[str, str]) -> int:
    """Send one request and return the answer's HTTP status; raise DeliveryFailed when there is none.

    Connects to the address that was checked, whatever the name means a moment later; follows no redirect and reads no
    body. Raises InvalidRequest when an address is not public.
    """
    address = addresses(to)[0]
    with _pool(to, f"[{address}]" if ":" in address else address) as pool:
        try:
            reply = pool.urlopen(
                "POST",
                to.target,
                body=body.encode(),
                headers={**headers, "Host": to.authority},
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except HTTPError as error:
            raise DeliveryFailed("The receiver could not be reached, or did not answer in time.") from error
        reply.close()
        return reply.status


def _pool(to: Receiver, address: str) -> urllib3.HTTPConnectionPool:
    if to.scheme == "http":
        return urllib3.HTTPConnectionPool(address, to.port, timeout=PATIENCE)
    return urllib3.HTTPSConnectionPool(
        address, to.port, timeout=PATIENCE, server_hostname=to.host, assert_hostname=to.host
    )
