# `hdrkit reproduce` and `hdrkit lab` in a container, with the locked versions; docs/elsewhere.md says how to run them.
FROM python:3.11-slim

# Changes least, so it comes first: a change of the kit does not install all of this again.
COPY requirements.lock /tmp/
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps -r /tmp/requirements.lock

RUN useradd --create-home --uid 1000 student && install --directory --owner student /kit /kit/build /kit/work
WORKDIR /kit
COPY --chown=student . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .

USER 1000
# Downloads are kept with the results. The lab listens to the port that Docker publishes, still behind its token.
ENV HDRKIT_CACHE=/kit/build/cache HDRKIT_LAB_IN_CONTAINER=1
EXPOSE 8888
VOLUME ["/kit/build", "/kit/work"]
ENTRYPOINT ["hdrkit"]
CMD ["reproduce"]
