"""Session tokens and one-time codes as text: made at random, kept in the database as hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L, which people mistake for one another."""
CODE_LENGTH = 8
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""Mark in the User-Agent → name, the more special first."""
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def new_token() -> str:
    """256 random bits as text, for a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Eight characters that can be read aloud: about 39 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def readable(code: str) -> str:
    """K7M42QXR → K7M4-2QXR."""
    return f"{code[:4]}-{code[4:]}"


def normalised(text: str) -> str:
    """What a person typed, without blanks and dashes, in capitals."""
    return re.sub(r"[\s\-–—.]", "", text).upper()


def code_digest(secret: str, akun_id: uuid.UUID, code: str) -> str:
    """Keyed with the installation's secret, so that a stolen table cannot be tried out."""
    message = f"{akun_id.hex}:{code}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def device_name(user_agent: str) -> str:
    """ "Chrome di Android" – enough to recognise an own device, not to follow anybody."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if not browser:
        return "Perangkat lain"
    return f"{browser} di {system}" if system else browser
