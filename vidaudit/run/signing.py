"""Ed25519 keys and signatures: who stands for a manifest. Keys never get into a report, a message or a log."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vidaudit.errors import SetupError, UsageError
from vidaudit.run.untrusted import read_small

PASSPHRASE_VARIABLE = "VIDAUDIT_KEY_PASSPHRASE"
PUBLIC_SUFFIX = ".pub"
_LARGEST_KEY_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Signs with a private key, which nothing shows. `public_key` are its 32 bytes in hexadecimal."""

    public_key: str
    _key: Ed25519PrivateKey = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """The signature of exactly these bytes, 64 bytes (RFC 8032)."""
        return self._key.sign(content)


def load_signer(file: Path) -> Signer:
    """The signer with the private key in a PEM file (PKCS #8); an encrypted one takes its passphrase from the
    environment, `VIDAUDIT_KEY_PASSPHRASE`.

    Raises:
        UsageError: a file that can't be read or is no such key; a passphrase that is missing or wrong.
    """
    content = _content(file)
    try:
        key = forms.load_pem_private_key(content, password=_passphrase() if b"ENCRYPTED" in content else None)
    except TypeError as error:
        raise UsageError(f"The key {file} needs a passphrase. Put it into {PASSPHRASE_VARIABLE}.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        # What the library says of a key stays out of messages.
        raise UsageError(f"{file} is no private key in PEM (PKCS #8), or its passphrase is wrong.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{file} is a private key, but not for Ed25519. Make one: vidaudit verify --make-key FILE.")
    return Signer(public_key=_hexadecimal(key.public_key()), _key=key)


def load_public_key(file: Path) -> str:
    """The public key in a PEM file, its 32 bytes in hexadecimal.

    Raises:
        UsageError: a file that can't be read or is no such key.
    """
    try:
        key = forms.load_pem_public_key(_content(file))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{file} is no public key in PEM. Give the file that ends in {PUBLIC_SUFFIX}.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{file} is a public key, but not for Ed25519.")
    return _hexadecimal(key)


def make_key(file: Path) -> tuple[Path, str]:
    """Write a new private key for this user only, and its public part beside it; neither replaces a file.

    The private key is encrypted where `VIDAUDIT_KEY_PASSPHRASE` is set.

    Returns:
        The file of the public part, and that part in hexadecimal.

    Raises:
        UsageError: when one of the two files is there already.
        SetupError: when they can't be written.
    """
    public_file = file.with_name(file.name + PUBLIC_SUFFIX)
    key, passphrase = Ed25519PrivateKey.generate(), _passphrase()
    encryption = forms.NoEncryption() if passphrase is None else forms.BestAvailableEncryption(passphrase)
    private = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, encryption)
    public = key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    for place in (public_file, file):
        if place.is_symlink() or place.exists():
            raise UsageError(f"{place} is there already, and a key is never replaced. Choose another name.")
    try:
        _write_new(file, private, mode=0o600)
        _write_new(public_file, public, mode=0o644)
    except OSError as error:
        raise SetupError(f"Can't write the key {file}: {error.strerror or error}.") from error
    return public_file, _hexadecimal(key.public_key())


def is_signature_of(content: bytes, signature: bytes, public_key: str) -> bool:
    """Whether the signature of these bytes is by this key; False also for what is no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, content)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _hexadecimal(key: Ed25519PublicKey) -> str:
    return key.public_bytes(forms.Encoding.Raw, forms.PublicFormat.Raw).hex()


def _passphrase() -> bytes | None:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    return given.encode() if given else None


def _content(file: Path) -> bytes:
    try:
        return read_small(file, _LARGEST_KEY_BYTES)
    except OSError as error:
        raise UsageError(f"The key {file} can't be read: {error.strerror or error}. Check the path.") from error


def _write_new(file: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
