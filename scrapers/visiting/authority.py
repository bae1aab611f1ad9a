"""A certificate authority for one run of the gate: it vouches for the hosts that `connect_to` stands for."""

from __future__ import annotations

import base64
import hashlib
import shutil
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """A certificate authority that lives as long as the gate, and one key for all the hosts it vouches for."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf = ec.generate_private_key(ec.SECP256R1())
        self._folder = Path(tempfile.mkdtemp(prefix="orderwatch-gate-"))
        self._contexts: dict[str, ssl.SSLContext] = {}
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "orderwatch gate, this run only")])
        self._certificate = self._sign(name, name, self._key.public_key(), None)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
        spki = self._leaf.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.spki = base64.b64encode(hashlib.sha256(spki).digest()).decode("ascii")

    def context(self, host: str) -> ssl.SSLContext:
        """The server's side of TLS for a host."""
        if host not in self._contexts:
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
            leaf = self._sign(subject, self._certificate.subject, self._leaf.public_key(), host)
            path = self._folder / f"{len(self._contexts)}.pem"
            path.touch(mode=0o600)
            path.write_bytes(
                self._leaf.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
                + leaf.public_bytes(serialization.Encoding.PEM)
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[host] = context
        return self._contexts[host]

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _sign(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, host: str | None
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if host is None:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self._key, hashes.SHA256())
