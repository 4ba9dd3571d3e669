"""Keep the user's settings for other programs out of a run that talks to loopback, and hand them to live providers.

Touches this process's environment, which is the command's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from shared.errors import SettingMissing

# In small letters: some programs read either case. `all_proxy` may name a kind that only some libraries know.
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
# What else says how the internet is reached from this machine: whom to trust, and where no proxy is wanted.
TRUST = ("ssl_cert_file", "ssl_cert_dir", "requests_ca_bundle", "curl_ca_bundle")
EXCEPTIONS = "no_proxy"
LOOPBACK = "127.0.0.1,localhost"
HTTP = ("http://", "https://")
# Without these names the libraries read the files of the user's home.
NO_FILES = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NETRC": os.devnull,
}


def shut_out() -> dict[str, str]:
    """Take the user's AWS, proxy and password settings out of this process; return the environment as it was.

    To be called before moto is imported, which reads AWS's configuration then.
    """
    before = dict(os.environ)
    for name in before:
        if name.startswith("AWS_") or name.lower() in (*PROXIES, *TRUST):
            del os.environ[name]
    # Some systems have proxies in their own settings, too.
    os.environ.update({**NO_FILES, "NO_PROXY": LOOPBACK, "no_proxy": LOOPBACK})
    return before


def for_providers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of `environment` a live provider is reached by; loopback is never reached by a proxy.

    Raises SettingMissing for a proxy of a kind that the providers' libraries cannot use.
    """
    by_lower_name = {name.lower(): (name, value) for name, value in environment.items() if value}
    for lower in PROXIES:
        name, value = by_lower_name.get(lower, (lower, ""))
        if "://" in value and not value.lower().startswith(HTTP):
            raise SettingMissing(f"--live cannot use the proxy of {name}; set it to one that begins with http://.")
    exceptions = ",".join(filter(None, (by_lower_name.get(EXCEPTIONS, ("", ""))[1], LOOPBACK)))
    settings = {name.upper(): by_lower_name[name][1] for name in (*PROXIES, *TRUST) if name in by_lower_name}
    lower_case = {name.lower(): value for name, value in settings.items() if name.lower() in PROXIES}
    return {**settings, **lower_case, "NO_PROXY": exceptions, "no_proxy": exceptions}
