# SPDX-License-Identifier: Apache-2.0

# The collector's image: `make image` builds it. Binaries that the context already has below _build/image are taken as
# they are; else the first stage builds them.

ARG TARGETARCH=amd64
ARG BUILDER=docker.io/library/golang:1.27-bookworm
# It must have glibc, which the NVIDIA driver's library needs, and certificates. It needs no shell.
ARG BASE=gcr.io/distroless/base-debian12:nonroot

# It cross-compiles, and needs no emulator.
FROM ${BUILDER} AS build
ARG TARGETARCH=amd64
WORKDIR /src
COPY . .
RUN test -x _build/image/linux_${TARGETARCH}/otelcol-llm-start || make image-binaries ARCH=${TARGETARCH}

FROM --platform=linux/${TARGETARCH} ${BASE}
ARG TARGETARCH=amd64
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="otelcol-llm" \
      org.opencontainers.image.description="OpenTelemetry Collector distribution for LLM serving" \
      org.opencontainers.image.source="https://github.com/otelcol-llm/otelcol-llm" \
      org.opencontainers.image.documentation="https://github.com/otelcol-llm/otelcol-llm/blob/main/README.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /src/_build/image/linux_${TARGETARCH}/otelcol-llm /src/_build/image/linux_${TARGETARCH}/otelcol-llm-check /src/_build/image/linux_${TARGETARCH}/otelcol-llm-start /
COPY --from=build /src/config.yaml /etc/otelcol-llm/config.yaml
COPY --from=build /src/LICENSE /src/NOTICE /usr/share/doc/otelcol-llm/
# Within a container the network is the container's own: what is published decides who gets in.
# The NVIDIA container runtime adds devices and the driver's management library by these two variables.
ENV OTELCOL_LLM_HOST=0.0.0.0 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=utility
USER 65532:65532
EXPOSE 4317 4318 8888 9464 13133
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
    CMD ["/otelcol-llm-check", "-health", "http://127.0.0.1:13133/", "-timeout", "4s"]
# Sets GOGC and GOMEMLIMIT by the container's memory limit, and becomes the collector.
ENTRYPOINT ["/otelcol-llm-start"]
CMD ["--config=/etc/otelcol-llm/config.yaml"]
