# Stands for python:3.13-slim-bookworm: Debian's Python, and whatever certificates this machine trusts.
FROM debian:made-here
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends ca-certificates python3 python3-venv wget \
 && rm -rf /var/lib/apt/lists/*
COPY certificates /usr/local/share/ca-certificates
RUN update-ca-certificates && printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > /etc/pip.conf \
 && ln -s python3 /usr/bin/python
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
