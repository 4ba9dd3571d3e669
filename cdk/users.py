"""The users: who they are and how the web page signs them in.

Defines a Cognito user pool where the operator names none, and a client of the pool where the operator names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from cdk.config import DeployConfig


@dataclass(frozen=True)
class Users:
    """The user pool and the id of the web page's client of it."""

    pool: cognito.IUserPool
    client_id: str


def add_users(scope: Construct, config: DeployConfig) -> Users:
    """Return the users' pool and client, the operator's own where `config` names them."""
    if config.user_pool_id:
        pool = cognito.UserPool.from_user_pool_id(scope, "UserPool", config.user_pool_id)
    else:
        pool = cast("cognito.IUserPool", _pool(scope))
    return Users(pool, config.user_pool_client_id or _client(scope, pool).user_pool_client_id)


def _pool(scope: Construct) -> cognito.UserPool:
    # An administrator invites; a user signs in by user name or e-mail address.
    return cognito.UserPool(
        scope,
        "UserPool",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(username=True, email=True),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        password_policy=cognito.PasswordPolicy(
            min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )


def _client(scope: Construct, pool: cognito.IUserPool) -> cognito.UserPoolClient:
    # The browser signs in by SRP. The administrator's flow needs AWS credentials, so it opens nothing to the public;
    # the command line and the local cloud use it to get a token without a browser.
    return cognito.UserPoolClient(
        scope,
        "UserPoolClient",
        user_pool=pool,
        auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
        generate_secret=False,
        disable_o_auth=True,
        prevent_user_existence_errors=True,
        id_token_validity=Duration.hours(1),
        access_token_validity=Duration.hours(1),
        refresh_token_validity=Duration.days(30),
    )
