from typing import Any

class BufferedSocketReader:
    def __init__(self, sock: Any, bufsize: int) -> None: ...
