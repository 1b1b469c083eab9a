# Stands for rabbitmq:4.1: Debian's 3.10.
FROM python:made-here
RUN apt-get update -q && apt-get install -y -q --no-install-recommends rabbitmq-server && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /etc/rabbitmq/conf.d
COPY rabbitmq-entrypoint /usr/local/bin/
ENV RABBITMQ_LOGS=- HOME=/var/lib/rabbitmq
CMD ["rabbitmq-entrypoint"]
