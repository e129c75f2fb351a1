# SPDX-License-Identifier: Apache-2.0

# Packages and releases; included by the Makefile, which has VERSION, ARCH and the programs for it.

NFPM := $(BIN)/nfpm
CYCLONEDX := $(BIN)/cyclonedx-gomod
LICENSES := $(BIN)/licenses
PACKAGES ?= _build/packages
export SOURCE_DATE_EPOCH ?= $(shell git show -s --format=%ct HEAD 2>/dev/null || echo 0)
TREE = _build/packages/linux_$(ARCH)

.PHONY: licenses
licenses: $(BINARY) $(CYCLONEDX) $(LICENSES) ## Check the licences of what the collector is made of.
	@mkdir -p _build/packages
	@$(CYCLONEDX) bin -json -output _build/packages/sbom.json $(BINARY) 2>/dev/null
	@$(LICENSES) -allow tools/licenses/allowed.txt _build/packages/sbom.json

# What goes into packages and tarballs: programs, bill of materials, licences' texts, manual page.
.PHONY: release-tree
release-tree: $(CYCLONEDX) $(LICENSES)
	@$(MAKE) --no-print-directory image-binaries ARCH=$(ARCH)
	rm -rf $(TREE)
	mkdir -p $(TREE)/tarball
	$(CYCLONEDX) bin -json -licenses -noserial -version v$(VERSION) -output $(TREE)/sbom.json _build/image/linux_$(ARCH)/otelcol-llm 2>/dev/null
	$(LICENSES) -allow tools/licenses/allowed.txt -out $(TREE)/third-party-licenses.txt $(TREE)/sbom.json
	gzip -n -9 -c deploy/packages/otelcol-llm.1 >$(TREE)/otelcol-llm.1.gz
	cp _build/image/linux_$(ARCH)/otelcol-llm _build/image/linux_$(ARCH)/otelcol-llm-check config.yaml LICENSE NOTICE CHANGELOG.md \
		deploy/packages/otelcol-llm.1 deploy/packages/otelcol-llm.service $(TREE)/third-party-licenses.txt $(TREE)/tarball

.PHONY: packages
packages: $(NFPM) ## Build deb and rpm for ARCH=amd64 or arm64 into _build/packages.
	@[ -e $(TREE)/otelcol-llm.1.gz ] || $(MAKE) --no-print-directory release-tree ARCH=$(ARCH)
	for kind in deb rpm; do BINARIES=_build/image/linux_$(ARCH) OUT=$(TREE) VERSION=$(VERSION) ARCH=$(ARCH) \
		$(NFPM) package --config deploy/packages/nfpm.yaml --packager $$kind --target $(PACKAGES)/; done

.PHONY: test-packages
test-packages: ## Install, upgrade and remove the packages in a copy of this machine; needs root, Debian, podman, rpm and systemd.
	@$(MAKE) --no-print-directory release-tree packages
	@$(MAKE) --no-print-directory packages VERSION=99.0.0
	$(GO) -C tools/licenses test ./...
	OTELCOL_LLM_PACKAGES=$(CURDIR)/_build/packages OTELCOL_LLM_VERSION=$(VERSION) $(GO) -C test/deploy test -count=1 -run Package ./...

.PHONY: release
release: ## Make everything of a release below _build/release; RELEASE_FLAGS=--dry-run tries it.
	@tools/release.sh $(RELEASE_FLAGS)

.PHONY: try-collector
try-collector: ## Show what blocks another release of the collector: VERSION=v0.160.0 STABLE=v1.66.0.
	@tools/try-collector.sh $(VERSION) $(STABLE)

$(NFPM): tools/nfpm/go.mod tools/nfpm/go.sum
	CGO_ENABLED=0 $(GO) -C tools/nfpm build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(CYCLONEDX): tools/sbom/go.mod tools/sbom/go.sum
	CGO_ENABLED=0 $(GO) -C tools/sbom build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(LICENSES): tools/licenses/go.mod tools/licenses/go.sum tools/licenses/main.go
	CGO_ENABLED=0 $(GO) -C tools/licenses build -o $(BIN)/ .
	touch $@
