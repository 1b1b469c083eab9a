CREATE TABLE requests (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    state text NOT NULL,
    version int NOT NULL,
    claim jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON requests (due_at, id) WHERE state IN ('queued', 'in_work');
CREATE SEQUENCE request_numbers START 1000001;
CREATE TABLE photos (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES requests (id),
    sha256 bytea NOT NULL,
    key text NOT NULL,
    size_bytes bigint NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX ON photos (request_id);
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    type text NOT NULL,
    data jsonb NOT NULL,
    sent_at timestamptz
);
CREATE INDEX ON outbox (position) WHERE sent_at IS NULL;
CREATE TABLE idempotency_keys (
    key text PRIMARY KEY,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE audit (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act text NOT NULL,
    request_id uuid NOT NULL,
    at timestamptz NOT NULL
);
