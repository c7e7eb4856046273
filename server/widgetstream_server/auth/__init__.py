"""Who is calling: tokens of configured issuers in, principals out.

Everything comes in as arguments; nothing here reads the environment or knows how a call arrives.
"""

from widgetstream_server.auth.composition import compose_issuers, development_key_is_accepted
from widgetstream_server.auth.dev_keys import DevelopmentKey, DevelopmentKeyError
from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.issuer_settings import parse_issuers
from widgetstream_server.auth.issuers import (
    IssuerConfig,
    IssuerConfigError,
    JwksIssuer,
    PublicKeyIssuer,
    SharedSecretIssuer,
)
from widgetstream_server.auth.verifier import TokenVerifier, bearer_token

__all__ = [
    "DevelopmentKey",
    "DevelopmentKeyError",
    "IssuerConfig",
    "IssuerConfigError",
    "JwksIssuer",
    "PublicKeyIssuer",
    "SharedSecretIssuer",
    "TokenFailure",
    "TokenRejected",
    "TokenVerifier",
    "bearer_token",
    "compose_issuers",
    "development_key_is_accepted",
    "parse_issuers",
]
