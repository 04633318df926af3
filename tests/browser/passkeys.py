"""A passkey on a person's account, as a security key would have made it; nobody can sign in with it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tsunagari.accounts.models import User

ORIGIN = "http://localhost"


def add_passkey(user: User) -> None:
    """One passkey named パスキー."""
    credential = b"made for looking at pages"
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    data = AuthenticatorData.create(
        sha256(b"localhost"), 0x45, 0, AttestedCredentialData.create(b"\0" * 16, credential, key)
    )
    said = CollectedClientData.create("webauthn.create", b"asked", ORIGIN)
    response = {
        "clientDataJSON": websafe_encode(said),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    kept = {"id": websafe_encode(credential), "type": "public-key", "response": response}
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "パスキー", "credential": kept | {"rawId": kept["id"], "clientExtensionResults": {}}},
    )
