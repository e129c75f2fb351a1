# SPDX-License-Identifier: Apache-2.0

# Everything here runs from a checkout with Go, gcc, git and make. Tools are built from the versions that
# the go.mod files below tools/ pin.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

GO ?= go
BINARY := $(CURDIR)/_build/otelcol-llm
BIN := $(CURDIR)/.bin
LINT := $(BIN)/golangci-lint
DATABASE := $(BIN)/victoria-metrics
PROMTOOL := $(BIN)/promtool
VMALERT := $(BIN)/vmalert
ALERTMANAGER := $(BIN)/alertmanager
JAEGER := $(BIN)/jaeger
PROMETHEUS ?= prometheus
# Draws dashboards with Grafana's own components.
PAGE := $(CURDIR)/tools/pictures/www/app.js
CHROMIUM ?= chromium
ADDLICENSE := $(BIN)/addlicense
HELM := $(BIN)/helm

# The compiler and library of the built binary. The machine's own Go, 1.21 or later, fetches it; ocb writes no
# toolchain line into the module that it makes.
export GOTOOLCHAIN := go1.27.3

# The NVML header marks dozens of old calls as deprecated, which cgo would print at each build.
export CGO_CFLAGS ?= -g -O2 -Wno-deprecated-declarations
# The Go modules of this repository that hold code.
MODULES := . test/e2e test/bench tools/docgen tools/mixin tools/vulncheck tools/licenses test/gpu test/rules test/deploy test/kubernetes test/importer tools/officialvalues tools/capture

# Small, and with C symbols bound when first called. So the binary starts on hosts whose NVIDIA driver lacks some.
LDFLAGS := -s -w -extldflags=-Wl,-z,lazy

# What goes into the binary from this repository.
SOURCES := $(shell find . \( -path './.*' -o -path ./_build -o -path ./test -o -path ./tools -o -name testdata \) -prune \
	-o -type f \( -name '*.go' -o -name '*.[chS]' \) ! -name '*_test.go' -print)

.PHONY: help
help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: $(BINARY) ## Build the collector, _build/otelcol-llm.

.PHONY: demo
demo: ## Run the collector beside simulated services, engines and GPUs, with a page to look at.
	@[ -x $(BINARY) ] || { echo 'The first build takes some 6 minutes on 2 cores, later ones seconds.'; \
		tools/progress.sh 'Building the collector:' 5 $(MAKE) --no-print-directory $(BINARY); }
	@[ -x $(DATABASE) ] || tools/progress.sh 'Building the database:' 1 $(MAKE) --no-print-directory $(DATABASE)
	@$(MAKE) --no-print-directory --silent $(BINARY) $(DATABASE)
	@$(GO) -C test/e2e build -o $(BIN)/demo ./cmd/demo
	@# On a terminal Ctrl-C goes to the demo alone, and not to make, which would end with an error.
	@if [ -t 0 ]; then set -m; fi; $(BIN)/demo -binary $(BINARY) -database $(DATABASE) -config $(CURDIR)/config.yaml $(DEMO_FLAGS) || exit

.PHONY: test
test: $(BINARY) $(DATABASE) $(VMALERT) $(ALERTMANAGER) $(PROMTOOL) ## Run all tests with the race detector, those against the built collector last.
	$(BINARY) validate --config=config.yaml
	$(GO) test -race -timeout=30m ./...
	CGO_ENABLED=0 $(GO) test -run WithoutCgo ./receiver/llmgpureceiver/internal/helper
	$(GO) -C tools/mixin test -count=1 ./...
	PROMTOOL_BINARY=$(PROMTOOL) $(GO) -C test/rules test -race -count=1 ./...
	$(GO) -C test/importer test -race ./...
	OTELCOL_LLM_BINARY=$(BINARY) $(GO) -C test/gpu test -race -count=1 ./...
	OTELCOL_LLM_BINARY=$(BINARY) VICTORIA_METRICS_BINARY=$(DATABASE) \
		VMALERT_BINARY=$(VMALERT) ALERTMANAGER_BINARY=$(ALERTMANAGER) $(GO) -C test/e2e test -race -count=1 -timeout=40m -parallel=3 -skip '^TestStore' ./...
	OTELCOL_LLM_BINARY=$(BINARY) $(GO) -C test/bench test -race -count=1 ./...
	$(GO) -C tools/vulncheck test ./...

.PHONY: soak
soak: ## Run the long tests: ten thousand collections of GPUs with faults, a trace of a million spans.
	SOAK=1 $(GO) test -race -count=1 -run Soak ./receiver/... ./internal/spanmetrics/

# The one place of the version: builder-config.yaml.
VERSION := $(shell sed -n 's/^  version: //p' builder-config.yaml)
ARCH ?= amd64
IMAGE ?= otelcol-llm:$(VERSION)
# oci is the same, byte for byte, whenever it is built. docker also keeps the health check for docker and podman.
FORMAT ?= oci
CROSS_CC_amd64 := gcc
CROSS_CC_arm64 := aarch64-linux-gnu-gcc

# What the collector does most, by which the compiler arranges the programs of images, packages and releases.
PROFILE := $(CURDIR)/deploy/default.pgo

.PHONY: profile
profile: $(BINARY) ## Take the profile of the collector under load anew, for the builds of releases; takes 30 seconds.
	$(GO) -C test/bench run . -binary $(BINARY) -profile $(PROFILE)

.PHONY: image-binaries
image-binaries: _build/.resolved ## Build the programs of the image for ARCH=amd64 or arm64 (needs gcc-aarch64-linux-gnu).
	mkdir -p _build/image/linux_$(ARCH)
	cd _build && CGO_ENABLED=1 GOOS=linux GOARCH=$(ARCH) CC=$(CROSS_CC_$(ARCH)) $(GO) build -trimpath -buildvcs=false -pgo=$(PROFILE) -tags "$$(sed -n 's/^  build_tags: //p' ../builder-config.yaml)" -ldflags='$(LDFLAGS)' -o image/linux_$(ARCH)/otelcol-llm .
	CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) $(GO) build -trimpath -buildvcs=false -ldflags='-s -w' -o _build/image/linux_$(ARCH)/ ./cmd/otelcol-llm-check ./cmd/otelcol-llm-start

.PHONY: image
image: image-binaries ## Build the container image $IMAGE with podman; BUILDER and BASE name other images to build from.
	podman build --layers=false --format $(FORMAT) --timestamp 0 --build-arg TARGETARCH=$(ARCH) --build-arg VERSION=$(VERSION) \
		--build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) \
		$(if $(BUILDER),--build-arg BUILDER=$(BUILDER)) $(if $(BASE),--build-arg BASE=$(BASE)) -t $(IMAGE) .

TEST_BASE := localhost/otelcol-llm-base:test
TEST_BUILDER := localhost/otelcol-llm-builder:test
TEST_IMAGE := localhost/otelcol-llm:test

.PHONY: test-image
test-image: ## Build the image from Debian's packages and test it with podman; needs root, podman and runc.
	deploy/image/base.sh $(TEST_BASE) $(TEST_BUILDER)
	$(MAKE) --no-print-directory image IMAGE=$(TEST_IMAGE) BASE=$(TEST_BASE) BUILDER=$(TEST_BUILDER)
	OTELCOL_LLM_IMAGE=$(TEST_IMAGE) OTELCOL_LLM_IMAGE_BASE=$(TEST_BASE) OTELCOL_LLM_IMAGE_BUILDER=$(TEST_BUILDER) \
		OTELCOL_LLM_VERSION=$(VERSION) OTELCOL_LLM_CHECK_BINARY=$(CURDIR)/_build/image/linux_amd64/otelcol-llm-check \
		$(GO) -C test/deploy test -count=1 -run Image ./...

.PHONY: test-chart
test-chart: $(BINARY) $(HELM) ## Test what the Helm chart renders.
	HELM_BINARY=$(HELM) OTELCOL_LLM_BINARY=$(BINARY) OTELCOL_LLM_VERSION=$(VERSION) $(GO) -C test/deploy test -count=1 -skip 'Image|Package|Release|Cluster|Arm64' ./...

include deploy/release.mk

.PHONY: test-dashboards
test-dashboards: $(BINARY) $(DATABASE) $(PAGE) ## Draw every dashboard with the demo's data, and fail on an empty panel; needs npm, chromium.
	OTELCOL_LLM_BINARY=$(BINARY) VICTORIA_METRICS_BINARY=$(DATABASE) PICTURES_PAGE=$(dir $(PAGE)) PICTURES_BROWSER=$(CHROMIUM) \
		$(GO) -C test/e2e test -count=1 -run TestEveryPanelHasData .

.PHONY: test-stores
test-stores: $(BINARY) $(DATABASE) $(JAEGER) ## Test native histograms in Prometheus, and exemplars that lead to traces in Jaeger; needs Debian's prometheus or PROMETHEUS=path.
	OTELCOL_LLM_BINARY=$(BINARY) VICTORIA_METRICS_BINARY=$(DATABASE) PROMETHEUS_BINARY=$$(command -v $(PROMETHEUS)) JAEGER_BINARY=$(JAEGER) \
		$(GO) -C test/e2e test -count=1 -run '^TestStore' .

.PHONY: pictures
pictures: $(BINARY) $(DATABASE) $(PAGE) ## Draw the pictures of the dashboards in docs/pictures, in 7 minutes; needs npm, chromium, fonts-inter.
	$(GO) -C test/e2e run ./cmd/pictures -binary $(BINARY) -database $(DATABASE) -config $(CURDIR)/config.yaml \
		-page $(dir $(PAGE)) -browser $(CHROMIUM) -out $(CURDIR)/docs/pictures

.PHONY: recipes
recipes: $(BIN)/mdatagen ## Try the recipes of CONTRIBUTING.md in copies; takes minutes.
	RECIPES=1 $(GO) test -count=1 -timeout 60m ./internal/recipes

.PHONY: gpu-check
gpu-check: ## Show what the GPUs of this machine answer; GPU_CHECK_FLAGS="-capture FILE" keeps it as a profile.
	@$(GO) run ./receiver/llmgpureceiver/cmd/gpucheck $(GPU_CHECK_FLAGS)

# Files of source code, which all carry the licence's SPDX line.
CODE = $(shell git ls-files --cached --others --exclude-standard '*.go' '*.c' '*.h' '*.S' '*.sh' '*.js' '*.jsx' '*.mjs' '*Dockerfile')

.PHONY: license
license: $(ADDLICENSE) ## Add the SPDX line to the source files that lack it.
	@$(ADDLICENSE) -f tools/spdx.txt $(CODE)

.PHONY: gpu-mock
gpu-mock: $(BINARY) ## Compare the GPU metrics with what a small C program reads; LIBRARY=path of any libnvidia-ml, ROOT=/.
	OTELCOL_LLM_BINARY=$(BINARY) NVML_LIBRARY=$(LIBRARY) NVML_ROOT=$(ROOT) $(GO) -C test/gpu test -count=1 -run SecondOpinion -v .

.PHONY: lint
lint: $(LINT) $(ADDLICENSE) $(BIN)/actionlint ## Run the linters.
	@$(ADDLICENSE) -check -f tools/spdx.txt $(CODE) || { echo 'these files lack the SPDX line: make license' >&2; exit 1; }
	@$(BIN)/actionlint -shellcheck= .github/workflows/*.yml
	@failed=0; for module in $(MODULES); do (cd $$module && $(LINT) run ./...) || failed=1; done; exit $$failed

.PHONY: fmt
fmt: $(LINT) ## Format all Go code.
	@for module in $(MODULES); do (cd $$module && $(LINT) fmt ./...); done

.PHONY: capture
capture: ## Run emitters against a fake provider and write their spans as cases, with npm; ONLY=name for one.
	$(GO) -C tools/capture run . $(if $(ONLY),-only $(ONLY))

.PHONY: generate
generate: $(BIN)/mdatagen ## Generate code, docs, dashboards and rules again from metadata.yaml files and tables.
	PATH="$(BIN):$$PATH" $(GO) generate ./...
	$(GO) -C tools/mixin run .
	$(MAKE) --no-print-directory generate-chart

.PHONY: check
check: $(BIN)/mdatagen ## Check formatting, linters, vet, and that generated files are up to date.
	@tools/unchanged.sh $(MAKE) --no-print-directory generate
	@for module in $(MODULES); do $(GO) -C $$module vet ./...; done
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory vulncheck
	@$(MAKE) --no-print-directory licenses
	@tools/version.sh check

.PHONY: vulncheck
vulncheck: $(BINARY) $(BIN)/vulncheck $(BIN)/vulndb ## Look for known vulnerabilities in the built collector, without network.
	@$(BIN)/govulncheck -db file://$(BIN)/vulndb -mode binary -format json $(BINARY) | $(BIN)/vulncheck -exceptions tools/vulncheck/exceptions.txt

.PHONY: bench
bench: ## Run the benchmarks of the parts.
	$(GO) test -run '^$$' -bench . -benchmem ./...

# The small collector that contrib's parts are built into, to compare the same outcome.
BENCH_COLLECTOR := $(CURDIR)/_build/bench/bench-collector

$(BENCH_COLLECTOR): test/bench/collector.yaml go.mod $(SOURCES) $(BIN)/builder
	$(BIN)/builder --config=test/bench/collector.yaml --skip-strict-versioning=false
	touch $@

BENCH = $(GO) -C test/bench run . -binary $(BINARY)

.PHONY: bench-compare
bench-compare: $(BINARY) $(BENCH_COLLECTOR) ## Measure beside contrib's parts and write the tables of docs/benchmarks.md; takes 12 minutes.
	$(BENCH) -lean $(BENCH_COLLECTOR) -page $(CURDIR)/docs/benchmarks.md -picture $(CURDIR)/docs/pictures/growth $(BENCH_FLAGS)

.PHONY: bench-gate
bench-gate: $(BINARY) ## Measure whole collectors with metrics and without, and fail if a gate is missed.
	$(BENCH) -only gate -gate $(BENCH_FLAGS)

.PHONY: bench-settings
bench-settings: $(BINARY) ## Measure settings around the processor: garbage, compression, buffers, requests.
	$(BENCH) -only settings,connections $(BENCH_FLAGS)

.PHONY: bench-growth
bench-growth: $(BINARY) ## Measure growth with dimension sets and senders, draw it, and scrape a full configuration.
	$(BENCH) -only growth,scrape -picture $(CURDIR)/docs/pictures/growth $(BENCH_FLAGS)

.PHONY: bench-profile
bench-profile: $(BINARY) image-binaries ## Measure the program with its profile and without.
	$(BENCH) -only profile -profiled $(CURDIR)/_build/image/linux_$(ARCH)/otelcol-llm $(BENCH_FLAGS)

.PHONY: clean
clean: ## Remove what was built.
	rm -rf _build .bin

# Sources and go.mod of the distribution. Versions in the manifest must be those that Go resolves.
_build/.resolved: builder-config.yaml go.mod go.sum $(BIN)/builder
	$(BIN)/builder --config=builder-config.yaml --skip-strict-versioning=false --skip-compilation
	touch $@

$(BINARY): _build/.resolved $(SOURCES)
	$(BIN)/builder --config=builder-config.yaml --skip-generate --skip-get-modules --ldflags='$(LDFLAGS)'
	touch $@

# Go keeps a file, with its old time, if it would be the same again. Hence touch, here as above.
$(BIN)/builder $(BIN)/mdatagen $(ADDLICENSE) &: tools/go.mod tools/go.sum
	$(GO) -C tools build -o $(BIN)/ tool
	touch $(BIN)/builder $(BIN)/mdatagen $(ADDLICENSE)

$(LINT): tools/lint/go.mod tools/lint/go.sum
	$(GO) -C tools/lint build -o $(BIN)/ tool
	touch $@

$(BIN)/actionlint: tools/actionlint/go.mod tools/actionlint/go.sum
	CGO_ENABLED=0 $(GO) -C tools/actionlint build -o $(BIN)/ tool
	touch $@

$(BIN)/vulncheck: tools/vulncheck/go.mod tools/vulncheck/go.sum tools/vulncheck/main.go
	$(GO) -C tools/vulncheck build -o $(BIN)/ . tool
	touch $@

# The vulnerability database is a Go module, of the day that its version names; indexdb makes it readable.
$(BIN)/vulndb: $(BIN)/vulncheck
	rm -rf $@
	$(BIN)/indexdb -vulns "$$($(GO) -C tools/vulncheck list -m -f '{{.Dir}}' golang.org/x/vulndb)/data/osv" -out $@

# For tests of the chart.
$(HELM): tools/helm/go.mod tools/helm/go.sum
	CGO_ENABLED=0 $(GO) -C tools/helm build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

# For tests of what arrives in a database, and of alerts on it.
$(DATABASE) $(VMALERT) &: tools/victoriametrics/go.mod tools/victoriametrics/go.sum
	CGO_ENABLED=0 $(GO) -C tools/victoriametrics build -o $(BIN)/ tool
	touch $(DATABASE) $(VMALERT)

$(ALERTMANAGER): tools/alertmanager/go.mod tools/alertmanager/go.sum
	CGO_ENABLED=0 $(GO) -C tools/alertmanager build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

# A trace store for tests of exemplars.
$(JAEGER): tools/jaeger/go.mod tools/jaeger/go.sum
	CGO_ENABLED=0 $(GO) -C tools/jaeger build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(PAGE): $(wildcard tools/pictures/src/* tools/pictures/package*.json)
	cd tools/pictures && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run build
	touch $@

# For tests of rules, which need no service discovery.
$(PROMTOOL): tools/promtool/go.mod tools/promtool/go.sum
	CGO_ENABLED=0 $(GO) -C tools/promtool build -tags remove_all_sd -ldflags '-s -w' -o $(BIN)/ tool
	touch $@
