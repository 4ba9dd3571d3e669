"""Why AWS could not be asked, in words for whoever deploys: botocore's own name classes, addresses and settings.

Values only; touches nothing.
"""

from __future__ import annotations

import os

from botocore import exceptions as boto

# The narrower kinds first: some are kinds of others.
_WORDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (
        (boto.UnauthorizedSSOTokenError, boto.SSOTokenLoadError, boto.TokenRetrievalError),
        "the sign-in has expired; run: aws sso login",
    ),
    (boto.PartialCredentialsError, "the credentials are incomplete; run: aws configure"),
    ((boto.NoCredentialsError, boto.CredentialRetrievalError), "there are no credentials; run: aws configure"),
    ((boto.ConfigParseError, boto.InvalidConfigError), "the file ~/.aws/config cannot be understood; correct it"),
    (boto.SSLError, "its certificate is not trusted here; check the clock, and AWS_CA_BUNDLE if a proxy is between"),
    (boto.ProxyConnectionError, "the proxy does not let it through; check HTTPS_PROXY"),
    ((boto.ConnectTimeoutError, boto.ReadTimeoutError), "no answer came in time; try again"),
    (boto.EndpointConnectionError, "nothing answers there; check the network, AWS_REGION and AWS_ENDPOINT_URL"),
    (boto.HTTPClientError, "the connection broke; try again"),
)
_UNFORESEEN = "the AWS settings of this machine do not work; run: aws sts get-caller-identity"


def why(error: Exception) -> str:
    """Return why a call got no answer and what to do, without a full stop."""
    return next((words for kinds, words in _WORDS if isinstance(error, kinds)), _UNFORESEEN)


def of_session(error: Exception) -> str:
    """Return why no session with AWS could be begun and what to do, without a full stop."""
    if isinstance(error, boto.ProfileNotFound):
        name = os.environ.get("AWS_PROFILE", "of that name")
        return f"There is no AWS profile {name}; run: aws configure list-profiles, and export one as AWS_PROFILE"
    return f"AWS cannot be used: {why(error)}"
