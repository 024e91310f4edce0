# Yunhui 云惠. `make help` lists the targets; `make run` needs only Go and Node.js.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The binary is static: SQLite comes without C, and so does everything else. One
# value for every step, or the compiler does all its work twice.
export CGO_ENABLED ?= 0

npm := npm --prefix frontend
modules := frontend/node_modules/.package-lock.json
site := frontend/dist/index.html
site_sources := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/index.html frontend/*.config.ts frontend/package.json frontend/tsconfig.json frontend/scripts/*)

.PHONY: help run build test lint bench generate verify-generated fmt clean lint-go lint-site

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## serve the demo city at http://127.0.0.1:8080 on the embedded defaults
	YUNHUI_DEMO=true bin/yunhui demo
	@echo "Yunhui 云惠: http://127.0.0.1:8080 (Ctrl-C stops it; the data lie in ./data)"
	@YUNHUI_DEMO=true YUNHUI_LOG_FORMAT=text exec bin/yunhui serve

build: $(site) ## build the site and the binary bin/yunhui with the site in it
	go build -ldflags "-s -w -X main.version=$(VERSION)" -o bin/yunhui ./cmd/yunhui

$(site): $(modules) $(site_sources)
	$(npm) run build --silent
	@touch $@

$(modules): frontend/package-lock.json
	$(npm) ci --no-fund --no-audit
	@touch $@

test: ## run every test; installs or finds MariaDB, Redis and Chromium first
	.ci/test

lint: lint-go lint-site verify-generated ## hold code, site and papers to the house rules

lint-go:
	@out=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); [ -z "$$out" ] || { echo "gofmt: $$out"; exit 1; }
	go mod tidy -diff
	go vet ./...
	go run $(GOLANGCI_LINT) run ./...

lint-site: $(modules)
	$(npm) run lint --silent
	$(npm) run typecheck --silent

bench: build ## measure the product beside the bare limits of this machine
	.ci/bench

generate: $(modules) | bin ## write again what is derived: API document and client, states, references
	.ci/openapi > bin/openapi.json
	mv bin/openapi.json docs/openapi.json
	$(npm) run generate --silent
	go test ./subsidies/rules -run Reference -count=1 -update
	go test ./subsidies/policies -run Cookbook -count=1 -update
	go test ./docs -count=1 -update

verify-generated: $(modules) ## fail if what is derived differs from its source
	.ci/verify-generated

fmt: $(modules) ## format the code
	gofmt -w $$(git ls-files -co --exclude-standard '*.go')
	$(npm) run lint --silent -- --fix

bin:
	mkdir -p bin

clean: ## remove what was built (the data folder stays)
	rm -rf bin frontend/dist frontend/test-results
	mkdir -p frontend/dist && touch frontend/dist/.keep
