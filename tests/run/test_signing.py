import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from vidaudit.errors import UsageError
from vidaudit.run.signing import (
    PASSPHRASE_VARIABLE,
    is_signature_of,
    load_public_key,
    load_signer,
    make_key,
)


@pytest.fixture(autouse=True)
def no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "key.pem")
    return tmp_path / "key.pem"


def test_what_a_key_signs_its_public_part_confirms(key: Path) -> None:
    signer = load_signer(key)
    public_key = load_public_key(key.with_name("key.pem.pub"))
    assert public_key == signer.public_key
    signature = signer.sign(b"content")
    assert len(signature) == 64
    assert is_signature_of(b"content", signature, public_key)
    assert not is_signature_of(b"content.", signature, public_key)
    assert not is_signature_of(b"content", signature[:-1] + bytes([signature[-1] ^ 1]), public_key)


@pytest.mark.parametrize("public_key", ["", "zz", "00", "00" * 32, "ff" * 32, "00" * 33])
def test_what_is_no_key_confirms_nothing(key: Path, public_key: str) -> None:
    assert not is_signature_of(b"x", load_signer(key).sign(b"x"), public_key)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_its_owner_reads_a_new_key(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["key.pem", "key.pem.pub"])
def test_a_key_is_never_replaced(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_bytes(b"mine")
    with pytest.raises(UsageError, match="never replaced"):
        make_key(tmp_path / "key.pem")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {there: b"mine"}


def test_a_passphrase_locks_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "开门")
    _, public_key = make_key(tmp_path / "key.pem")
    assert load_signer(tmp_path / "key.pem").public_key == public_key
    for wrong in ("关门", ""):
        monkeypatch.setenv(PASSPHRASE_VARIABLE, wrong)
        with pytest.raises(UsageError, match="passphrase") as refused:
            load_signer(tmp_path / "key.pem")
        assert "门" not in str(refused.value)


def test_a_key_without_a_passphrase_takes_none(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "unneeded")
    assert load_signer(key).public_key


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(content)
    for load in (load_signer, load_public_key):
        with pytest.raises(UsageError, match=r"key\.pem"):
            load(tmp_path / "key.pem")


def test_each_part_in_its_place(key: Path) -> None:
    with pytest.raises(UsageError, match="no private key"):
        load_signer(key.with_name("key.pem.pub"))
    with pytest.raises(UsageError, match=r"ends in \.pub"):
        load_public_key(key)
    with pytest.raises(UsageError, match="Check the path"):
        load_signer(key.with_name("nothing"))
    with pytest.raises(UsageError, match="no plain file"):
        load_signer(key.parent)


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    other = generate_private_key(public_exponent=65537, key_size=2048)
    private = other.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    public = other.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "rsa.pem").write_bytes(private)
    (tmp_path / "rsa.pub").write_bytes(public)
    with pytest.raises(UsageError, match="not for Ed25519"):
        load_signer(tmp_path / "rsa.pem")
    with pytest.raises(UsageError, match="not for Ed25519"):
        load_public_key(tmp_path / "rsa.pub")


def test_nothing_shows_the_private_part(key: Path) -> None:
    signer = load_signer(key)
    secret = signer._key.private_bytes(forms.Encoding.Raw, forms.PrivateFormat.Raw, forms.NoEncryption())
    assert secret.hex() not in repr(signer)
    assert repr(signer) == f"Signer(public_key={signer.public_key!r})"
