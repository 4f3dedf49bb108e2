"""Answers over HTTP. It needs the extra `serve`.

settings.py    what an operator chooses
databases.py   the databases that are served, by name
stopwatch.py   the time of one request by stage, and how much is left
desk.py        what one thread works with: open databases, a DuckDB worker process
ask_desk.py    a desk with a model
pool.py        threads with a desk each and a bounded queue before them
models.py      what requests and answers look like: pydantic models, from which the OpenAPI is made; those of products and of thumbs
               stand in product_models.py and feedback_models.py
problems.py    every error in one shape
limits.py      bodies that are too large or come too slowly
auth.py        tokens, and the names under which a server without one answers; who.py: whose token a request has
metrics.py     counters and histograms for Prometheus
drawing.py     charts of answers
profiler.py    a profile in a process that ends in time
uploads.py     files that a page sends, each a table of a database
product_detail.py  what a version of a product shows, read from its files
*_routes.py    what each address does
service.py     all of it put together, started and stopped
app.py         the FastAPI application
ui/, ui_routes.py  the page: static HTML, CSS and JavaScript modules, with Vega-Lite as its makers built it (ui/vendor)
server.py      uvicorn
"""
