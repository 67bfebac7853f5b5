# Holdfast and its pinned packages; no compiler, no tests, not root.
FROM python:3.13-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /opt/holdfast

# The pins first: this layer is rebuilt only when the lock changes.
COPY requirements/run.txt requirements/run.txt
RUN python -m pip install --require-hashes --no-deps -r requirements/run.txt

COPY pyproject.toml LICENSE ./
COPY graph graph
COPY ingest ingest
COPY queries queries
COPY api api
RUN python -m pip install --no-deps --no-build-isolation . \
    && useradd --system --uid 10001 --no-create-home holdfast \
    && install --directory --owner=holdfast --mode=0700 /var/lib/holdfast

USER holdfast
WORKDIR /var/lib/holdfast

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8321/livez', timeout=4)"]

ENTRYPOINT ["holdfast"]
CMD ["serve"]
