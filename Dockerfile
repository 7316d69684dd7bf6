# The service (summarise serve) and every other command, in a slim image that runs without root.
#
#   docker build -t summarise .
#   docker run --rm -p 127.0.0.1:8080:8080 -v summarise:/data summarise
#   docker run --rm -v summarise:/data summarise serve token add NAME

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
RUN python -m venv /opt/summarise
WORKDIR /src
# every file by its hash, nothing left to resolve: `make lock` writes the list
COPY requirements-serve.txt ./
RUN /opt/summarise/bin/pip install --no-deps --require-hashes -r requirements-serve.txt
COPY pyproject.toml README.md LICENSE ./
COPY summarise ./summarise
COPY prompts ./prompts
COPY schemas ./schemas
RUN /opt/summarise/bin/pip install --no-deps --no-build-isolation --no-index .

FROM python:${PYTHON}-slim
# models are asked over TLS by the system's certificates, which a slim image lacks
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin summarise
COPY --from=build /opt/summarise /opt/summarise
ENV PATH=/opt/summarise/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SUMMARISE_STORE=/data/store.sqlite3 \
    SUMMARISE_HOST=0.0.0.0 \
    SUMMARISE_PORT=8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['SUMMARISE_PORT'] + '/health', timeout=4)"]
ENTRYPOINT ["summarise"]
CMD ["serve"]
