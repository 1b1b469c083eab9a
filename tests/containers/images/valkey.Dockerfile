# Stands for valkey/valkey:9: Debian's Redis 7.0, which refuses others than its own machine unless it is told.
FROM python:made-here
RUN apt-get update -q && apt-get install -y -q --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* \
 && ln -s /usr/bin/redis-cli /usr/bin/valkey-cli
COPY valkey-server /usr/local/bin/
WORKDIR /data
