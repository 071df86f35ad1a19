"""The few ways in which an act can fail; portal.web.pages maps each to a page."""


class PortalError(Exception):
    """Base of every failure that a person may meet; `message` is an Indonesian sentence."""

    message = "Terjadi kesalahan. Silakan coba lagi."

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)


class NotFound(PortalError):
    """The object does not exist, or lies outside the actor's scope (404 for both)."""

    message = (
        "Alamatnya mungkin keliru, atau halaman ini bukan untuk Anda. Mulai lagi dari Beranda."
    )


class Forbidden(PortalError):
    """The actor lacks the permission (403)."""

    message = (
        "Anda tidak berwenang membuka halaman ini. Bila ini tugas Anda, hubungi admin kepegawaian."
    )


class LoginNeeded(PortalError):
    """Nobody is logged in, or a step is due before anything else (401); `endpoint` is the page to
    open. Only told to programs: people are led there."""

    message = "Masuk lagi untuk melanjutkan. Yang tersimpan di ponsel ini tidak hilang."

    def __init__(self, message: str | None = None, endpoint: str = "accounts.login") -> None:
        self.endpoint = endpoint
        super().__init__(message)


class Conflict(PortalError):
    """Somebody was faster: the row no longer has the expected state (409)."""

    message = "Data sudah berubah sejak halaman ini dibuka. Muat ulang lalu coba lagi."


class Rejected(PortalError):
    """The input cannot be accepted (422); `field` names the form field when there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)


class Unavailable(PortalError):
    """A component does not answer (503): database locked, object store away, mail server away."""

    message = "Layanan sedang terganggu. Isian Anda tersimpan; coba lagi beberapa menit lagi."


class Throttled(PortalError):
    """Too many attempts (429); `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)
