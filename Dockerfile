FROM python:3.13-slim AS build
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r /tmp/runtime.txt

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv
COPY pyproject.toml ./
COPY app ./app
COPY migrations ./migrations
RUN python -m compileall -q app migrations \
    && install -d -o 10001 -g 10001 -m 0700 /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MINUTES_DATABASE_URL=sqlite:////data/minutes.db
USER 10001:10001
VOLUME /data
EXPOSE 8000
# Asked directly, past any proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0", "--migrate"]
