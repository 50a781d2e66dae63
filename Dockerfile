# One image for every process; compose.yaml says which command each container runs.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    LINLI_HOME=/var/lib/linli PATH=/opt/linli/.venv/bin:$PATH

RUN useradd --system --uid 10001 --home-dir /var/lib/linli --create-home --shell /usr/sbin/nologin linli \
 && python -m venv /opt/linli/.venv
WORKDIR /opt/linli

# The packages first: they change seldom.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml LICENSE README.md ./
COPY src ./src
RUN pip install --no-deps --no-build-isolation . && python -m compileall -q .venv/lib

USER linli
VOLUME /var/lib/linli
EXPOSE 8000 8001
CMD ["linli", "serve", "--host", "0.0.0.0"]
