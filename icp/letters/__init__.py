"""Letters to people, by mail and SMS: one function a letter, sent after commit by the worker."""

from icp.letters.sending import send

__all__ = ["send"]
