from clickhouse_driver.client import Client

__all__ = ["Client"]
