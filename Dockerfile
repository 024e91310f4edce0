# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS site
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY frontend ./
RUN npm run build

FROM golang:1.26-bookworm AS binary
ARG VERSION=dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=site /src/frontend/dist frontend/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/yunhui ./cmd/yunhui \
	&& mkdir -p /out/data

# The binary needs nothing of a system; the base brings root certificates and a
# wget for the health check.
FROM alpine:3.22
COPY --from=binary /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=binary /out/yunhui /usr/local/bin/yunhui
COPY --from=binary --chown=10001:10001 /out/data /data
USER 10001:10001
ENV YUNHUI_LISTEN=0.0.0.0:8080 YUNHUI_DATA=/data YUNHUI_DATABASE=sqlite:///data/yunhui.db
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD wget -q -O /dev/null http://127.0.0.1:8080/readyz
ENTRYPOINT ["yunhui"]
CMD ["serve"]
