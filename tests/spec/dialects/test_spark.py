"""Spark gives DuckDB's answers: run where PySpark and Java are (`pip install pyspark`)."""

import os
import shutil
import warnings

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # PySpark's own

_TYPES = {"VARCHAR": "STRING", "INTEGER": "INT"}


@pytest.fixture(scope="module")
def spark(shop):
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: pip install pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java on this machine")
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
    }
    builder = sql.SparkSession.builder.master("local[1]")
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    for table, (columns, rows) in shop.tables().items():
        declared = ", ".join(f"`{c}` {_TYPES.get(kind, kind).replace('TIMESTAMP', 'TIMESTAMP_NTZ')}" for c, kind in columns.items())
        session.createDataFrame(list(rows), declared).createOrReplaceTempView(table)
    yield session
    with warnings.catch_warnings():
        session.stop()


def test_spark_agrees(on_spark, spark, agrees):
    assert agrees(on_spark, spark.sql(on_spark.text("spark")).collect())
