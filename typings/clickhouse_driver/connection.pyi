import socket as _socket

class Connection:
    socket: _socket.socket | None
    connect_timeout: float
    send_receive_timeout: float
