"""Sealing what only few may read: authenticated encryption with a key that is kept outside the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from tracker.domain.errors import Unavailable


class Seal:
    """Encrypts and opens short texts. The key is at least 32 bytes; the first 32 are used."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(key[:32]))

    def close(self, text: str) -> bytes:
        """Return the sealed text."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text; raise Unavailable when it was sealed with another key or was changed."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unavailable(
                "Không mở được nội dung niêm phong: sai khóa hoặc dữ liệu đã bị sửa."
            ) from error
