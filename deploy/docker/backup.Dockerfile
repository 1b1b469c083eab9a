# What backs up and restores both services: `docker compose run --rm backup take /backups --key age1…`
# BASE_IMAGE is an argument so that a site can build on its own mirror of it.
ARG BASE_IMAGE=python:3.13-slim-bookworm

FROM ${BASE_IMAGE} AS build
COPY requirements/backup.txt requirements.txt
RUN python3 -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM ${BASE_IMAGE}
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="Autodetective backup" \
      org.opencontainers.image.version="${VERSION}"
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN install -d -o 10001 -g 10001 /data /backups
COPY --from=build /venv /venv
WORKDIR /app
COPY shared_schemas shared_schemas
COPY service_kit service_kit
# Of the services what tells a release (their migrations) and how tables of records are made.
COPY cabinet_service/db cabinet_service/db
COPY bpa_service bpa_service
COPY deploy/__init__.py deploy/__init__.py
COPY deploy/embedded deploy/embedded
COPY deploy/backup deploy/backup
USER 10001:10001
ENTRYPOINT ["python", "-m", "deploy.backup"]
CMD ["--help"]
