class ClientPacketTypes:
    HELLO: int
    QUERY: int
    DATA: int
    CANCEL: int
    PING: int

class ServerPacketTypes:
    HELLO: int
    DATA: int
    EXCEPTION: int
    PONG: int
    END_OF_STREAM: int
