# Stands for clickhouse/clickhouse-server:26.9: the engine of the same release, chDB, behind the native protocol.
FROM python:made-here
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install -q --no-cache-dir --no-deps -r requirements.txt
COPY deploy /opt/clickhouse/deploy
COPY clickhouse-entrypoint /opt/clickhouse/
WORKDIR /opt/clickhouse
ENTRYPOINT ["/opt/venv/bin/python", "clickhouse-entrypoint"]
