"""Why something is not backed up or not restored, in words for whoever typed the command."""


class Refused(Exception):
    """It was not done, and nothing was changed; the message says why and what would help."""


class BackupFailed(Exception):
    """It was begun and could not be ended; the message says what is left of it."""
