# Stands for caddy:2.11: Debian's 2.6, which keeps its data where the official image does.
FROM python:made-here
RUN apt-get update -q && apt-get install -y -q --no-install-recommends caddy && rm -rf /var/lib/apt/lists/*
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
