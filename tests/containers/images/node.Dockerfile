# Stands for node:24-bookworm-slim: the Node of the wheel that `make run` has, on the same base.
FROM python:made-here
COPY node /usr/local
# They are links in every other distribution; a wheel has none.
RUN for name in npm npx; do ln -sf "../lib/node_modules/npm/bin/$name-cli.js" "/usr/local/bin/$name"; done
ENV PATH=/usr/local/bin:$PATH
