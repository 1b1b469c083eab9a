# Stands for clickhouse/clickhouse-server:26.9: Debian's 18.16, of which the services know that it is too old to
# keep records in. What needs none of them goes on.
FROM python:made-here
RUN apt-get update -q && apt-get install -y -q --no-install-recommends clickhouse-server clickhouse-client \
 && rm -rf /var/lib/apt/lists/*
COPY clickhouse-entrypoint /usr/local/bin/
ENTRYPOINT ["clickhouse-entrypoint"]
