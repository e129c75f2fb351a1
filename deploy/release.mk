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

.PHONY: test-release
test-release: $(HELM) $(NFPM) $(CYCLONEDX) $(LICENSES) ## Make a release in a copy of the last commit, and see what is refused; needs gpg and jq.
	HELM_BINARY=$(HELM) OTELCOL_LLM_VERSION=$(VERSION) $(GO) -C test/deploy test -count=1 -timeout 30m -run Release ./...

.PHONY: test-arm64
test-arm64: ## Build the programs for arm64 and run them; needs gcc-aarch64-linux-gnu and qemu-user-static.
	@$(MAKE) --no-print-directory image-binaries ARCH=arm64
	OTELCOL_LLM_ARM64_BINARIES=$(CURDIR)/_build/image/linux_arm64 OTELCOL_LLM_VERSION=$(VERSION) $(GO) -C test/deploy test -count=1 -run Arm64 ./...

.PHONY: try-collector
try-collector: ## Show what blocks another release of the collector: VERSION=v0.160.0 STABLE=v1.66.0.
	@tools/try-collector.sh $(VERSION) $(STABLE)

# The chart's README, and values for OpenTelemetry's chart, which follow this one.
.PHONY: generate-chart
generate-chart: $(HELM) $(BIN)/helm-docs
	$(BIN)/helm-docs --log-level warning --chart-search-root deploy/helm/otelcol-llm --sort-values-order file
	$(GO) -C tools/officialvalues run . -helm $(HELM) -chart $(CURDIR)/deploy/helm/otelcol-llm -out $(CURDIR)/deploy/helm/opentelemetry-collector

$(BIN)/helm-docs: tools/helmdocs/go.mod tools/helmdocs/go.sum
	CGO_ENABLED=0 $(GO) -C tools/helmdocs build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(NFPM): tools/nfpm/go.mod tools/nfpm/go.sum
	CGO_ENABLED=0 $(GO) -C tools/nfpm build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(CYCLONEDX): tools/sbom/go.mod tools/sbom/go.sum
	CGO_ENABLED=0 $(GO) -C tools/sbom build -ldflags '-s -w' -o $(BIN)/ tool
	touch $@

$(LICENSES): tools/licenses/go.mod tools/licenses/go.sum tools/licenses/main.go
	CGO_ENABLED=0 $(GO) -C tools/licenses build -o $(BIN)/ .
	touch $@

# Kubernetes' own programs, CoreDNS and images for a cluster of one node; the first build takes a quarter of an hour.
CLUSTER := $(BIN)/kubernetes
KUBERNETES_VERSION = $(shell sed -n 's/^require k8s.io\/kubernetes v//p' tools/kubernetes/go.mod)

# An API server and its database are enough to check manifests.
.PHONY: test-manifests
test-manifests: $(CLUSTER)/kube-apiserver $(HELM) $(BINARY) ## Give what the chart renders to a real API server, strictly, and use its rights; needs etcd.
	OTELCOL_LLM_BINARY=$(BINARY) ETCD_BINARY=$$(command -v etcd) KUBE_APISERVER_BINARY=$(CLUSTER)/kube-apiserver HELM_BINARY=$(HELM) \
		CRDS="$$($(GO) -C tools/crds list -m -f '{{.Dir}}' github.com/prometheus-operator/prometheus-operator)/example/prometheus-operator-crd/*_podmonitors.yaml \
			$$($(GO) -C tools/crds list -m -f '{{.Dir}}' github.com/prometheus-operator/prometheus-operator)/example/prometheus-operator-crd/*_prometheusrules.yaml \
			$$($(GO) -C tools/crds list -m -f '{{.Dir}}' github.com/kedacore/keda/v2)/config/crd/bases/keda.sh_*.yaml" \
		$(GO) -C test/deploy test -count=1 -run Cluster ./...

KUBERNETES_BUILD = CGO_ENABLED=0 $(GO) -C tools/kubernetes build -trimpath -ldflags '-s -w -X k8s.io/component-base/version.gitVersion=v$(KUBERNETES_VERSION) \
	-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$(word 2,$(subst ., ,$(KUBERNETES_VERSION)))' -o $(CLUSTER)/

$(CLUSTER)/kube-apiserver: tools/kubernetes/go.mod tools/kubernetes/go.sum
	$(KUBERNETES_BUILD) k8s.io/kubernetes/cmd/kube-apiserver
	touch $@

$(CLUSTER)/kubelet: tools/kubernetes/go.mod tools/kubernetes/go.sum
	$(KUBERNETES_BUILD) tool
	touch $(CLUSTER)/kube-apiserver $@

$(CLUSTER)/coredns: tools/coredns/go.mod tools/coredns/go.sum tools/coredns/main.go
	CGO_ENABLED=0 $(GO) -C tools/coredns build -trimpath -ldflags '-s -w' -o $(CLUSTER)/ .

.PHONY: test-kubernetes
test-kubernetes: $(CLUSTER)/kubelet $(CLUSTER)/coredns $(HELM) $(DATABASE) ## Install the chart on a real cluster of one node; needs root and what test/kubernetes/cluster.sh names.
	deploy/image/base.sh $(TEST_BASE) $(TEST_BUILDER)
	$(MAKE) --no-print-directory image IMAGE=$(TEST_IMAGE) BASE=$(TEST_BASE) BUILDER=$(TEST_BUILDER)
	rm -rf _build/cluster && mkdir -p _build/cluster
	printf 'FROM $(TEST_BUILDER)\nENTRYPOINT ["/bin/busybox", "sleep", "infinity"]\n' | podman build -q -t localhost/pause:test -f - _build/cluster
	podman save -q -o _build/cluster/pause.tar localhost/pause:test
	podman save -q -o _build/cluster/otelcol-llm.tar $(TEST_IMAGE)
	$(GO) -C test/kubernetes test -c -o $(CURDIR)/_build/cluster/kubernetes.test .
	export BIN=$(CLUSTER) KUBECTL_BINARY=$(CLUSTER)/kubectl HELM_BINARY=$(HELM) VICTORIA_METRICS_BINARY=$(DATABASE); \
	cd test/kubernetes; trap './cluster.sh down' EXIT; ./cluster.sh down; \
	./cluster.sh up $(CURDIR)/_build/cluster/pause.tar $(CURDIR)/_build/cluster/otelcol-llm.tar; \
	./cluster.sh exec $(CURDIR)/_build/cluster/kubernetes.test -test.v -test.timeout 15m
