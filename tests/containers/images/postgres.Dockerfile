# Stands for postgres:18: Debian's PostgreSQL 15 behind an entrypoint that does what the official one does.
FROM python:made-here
RUN apt-get update -q && apt-get install -y -q --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*
COPY postgres-entrypoint /usr/local/bin/
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
ENTRYPOINT ["postgres-entrypoint"]
CMD ["postgres"]
