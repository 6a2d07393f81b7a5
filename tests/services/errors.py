"""What stands between us and a server, said so that one knows what to do."""


class ServiceError(Exception):
    """No server could be had; the message says what was tried and what to install."""
