"""The expected errors. Each knows its exit code; the command line turns them into one clear message.

Bad *submissions* are never errors: what is wrong with them is data (a finding). Errors are for wrong usage
(a path that isn't there, a profile with an unknown key) and for an environment that can't do the work.
"""


class VidauditError(Exception):
    """Base of all expected errors: says what is wrong, where, and what to do about it.

    Args:
        message: one or two sentences for the person at the keyboard: what, where, what to do.
    """

    exit_code = 4


class UsageError(VidauditError):
    """The command was asked for something it can't do: a missing path, an option that doesn't fit."""

    exit_code = 2


class ProfileError(UsageError):
    """A profile that can't be used: unknown key, wrong type, missing clause; names the file and the key."""


class RosterError(UsageError):
    """A roster given with --roster that can't be read."""


class NoticeError(UsageError):
    """A template of the rectification notice that can't be read or filled; names the file and the fault."""


class SetupError(VidauditError):
    """The machine lacks something the work needs: a model file, a writable output folder."""


class RegistryError(VidauditError):
    """A registry that can't be used: locked, damaged, read-only, of another version; or a file that is no export.

    Args:
        reason: the same as a code, for a report, which names no file of this machine.
    """

    def __init__(self, message: str, reason: str = "unusable") -> None:
        super().__init__(message)
        self.reason = reason


class DossierError(UsageError):
    """A dossier given with --dossier that can't be read."""
