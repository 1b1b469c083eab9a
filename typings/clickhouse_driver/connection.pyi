class Connection:
    connect_timeout: float
    send_receive_timeout: float
