"""What can go wrong with the credentials of outputs. None of the sentences holds anything of a key.

CredentialsError               credentials_error
|-- BadMarkingSettings         bad_marking_settings
|-- CredentialsMissing         credentials_missing
|-- CredentialsBroken          credentials_broken
|-- CredentialsTooOpen         credentials_too_open
|-- CredentialsMismatch        credentials_mismatch
|-- CredentialsExpired         credentials_expired
|-- UnusableCertificate        unusable_certificate
|-- CredentialsUnreadable      credentials_unreadable
|-- SigningFailed              signing_failed
`-- TimeStampFailed            time_stamp_failed

`code` and `message` are data of each class; the docstring may say more, and is gone with `python -OO`.
"""

from __future__ import annotations

from lipwright.engine import EngineError


class CredentialsError(EngineError):
    """Outputs cannot be signed here, or credentials cannot be read."""

    code = "credentials_error"
    message = "The credentials of this installation cannot be used."


class BadMarkingSettings(CredentialsError):
    """A setting about credentials and watermarks that cannot be used."""

    code = "bad_marking_settings"
    message = "The settings of credentials cannot be used. `lipwright settings` prints them."


class CredentialsMissing(CredentialsError):
    """A file of the installation's credentials that is gone."""

    code = "credentials_missing"
    message = (
        "The signing key of this installation is gone. Put it back, "
        "or make another with `lipwright credentials rotate`."
    )


class CredentialsBroken(CredentialsError):
    """A file of the installation's credentials that is not what it should be."""

    code = "credentials_broken"
    message = (
        "The credentials of this installation are broken. Put them back, "
        "or make others with `lipwright credentials rotate`."
    )


class CredentialsTooOpen(CredentialsError):
    """A private key that others may read or change."""

    code = "credentials_too_open"
    message = "The signing key can be read by others. Take their rights away with `chmod 600`."


class CredentialsMismatch(CredentialsError):
    """A key and a certificate that do not belong together."""

    code = "credentials_mismatch"
    message = "The signing key does not belong to the certificate. Use the two that were made together."


class CredentialsExpired(CredentialsError):
    """A certificate whose time is over, or has not begun."""

    code = "credentials_expired"
    message = "The certificate is not valid now. Use another, or `lipwright credentials rotate`."


class UnusableCertificate(CredentialsError):
    """A certificate that content credentials may not be signed with."""

    code = "unusable_certificate"
    message = "Content credentials cannot be signed with this certificate."


class CredentialsUnreadable(CredentialsError):
    """A file whose credentials cannot be taken apart."""

    code = "credentials_unreadable"
    message = "The credentials of the file cannot be read: they are damaged, or of an unknown form."


class SigningFailed(CredentialsError):
    """An output that could not be signed; nothing was written."""

    code = "signing_failed"
    message = "The output could not be signed, so it was not written."


class TimeStampFailed(CredentialsError):
    """The time-stamp server did not give a time stamp."""

    code = "time_stamp_failed"
    message = "The time-stamp server did not answer with a time stamp, so the output was not written."
