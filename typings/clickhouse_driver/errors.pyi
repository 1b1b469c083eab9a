class Error(Exception): ...

class ServerException(Error):
    code: int
    message: str
