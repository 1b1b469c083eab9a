"""Where vehicle records are kept: an analytical engine that speaks ClickHouse's SQL."""
