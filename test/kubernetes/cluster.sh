#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# A Kubernetes cluster of one real node, in a network namespace of its own. It runs etcd, API server, controllers,
# scheduler, CoreDNS, kube-proxy, containerd and kubelet. It needs root and Debian's etcd-server, containerd, runc,
# containernetworking-plugins, nftables, conntrack, iproute2, openssl and jq.
#
#   cluster.sh up IMAGE.tar ...   archives of podman save; one of them holds localhost/pause:test
#   cluster.sh exec COMMAND ...   run within the namespace, with KUBECONFIG and KUBELET_ROOT set
#   cluster.sh down
#
# BIN is the directory of Kubernetes' programs, DIR that of the cluster's files.
set -euo pipefail
bin=${BIN:?} dir=${DIR:-/var/tmp/otelcol-llm-cluster} name=otelcol-llm-test address=10.99.0.1
within() { nsenter --net="/run/netns/$name" "$@"; }
start() {
	local program=$1
	shift
	nsenter --net="/run/netns/$name" setsid "$@" >"$dir/$program.log" 2>&1 &
	echo $! >"$dir/$program.pid"
}
stop() {
	local pid
	[[ -f $dir/$1.pid ]] || return 0
	pid=$(<"$dir/$1.pid")
	kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
	for _ in $(seq 50); do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL "$pid" 2>/dev/null || true
}
await() {
	local what=$1
	shift
	for _ in $(seq 240); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.25
	done
	echo "cluster.sh: $what is not up; see $dir/*.log" >&2
	tail -n 5 "$dir"/*.log >&2
	exit 1
}
api() { within curl -skf -H 'Authorization: Bearer admin' "https://$address:6443$1"; }
node_ready() { api /api/v1/nodes/node1 | jq -e '.status.conditions[] | select(.type == "Ready" and .status == "True")'; }

up() {
	mkdir -p "$dir/pki" "$dir/node/cni"
	# Of device plugins the kubelet keeps sockets and records there, whatever its own directory is.
	[[ -e /var/lib/kubelet ]] || touch "$dir/made-var-lib-kubelet"
	ip netns list | awk '{ print $1 }' | sort >"$dir/namespaces"
	ip netns add "$name"
	within ip link set lo up
	within ip link add node0 type veth peer name node1
	within ip addr add "$address/24" dev node0
	within ip link set node0 up
	within ip link set node1 up
	# Addresses of Services need a route, although nobody has them.
	within ip route add 10.96.0.0/16 dev node0
	within sysctl -q net.ipv4.ip_forward=1
	openssl genrsa -out "$dir/pki/accounts.key" 2048 2>/dev/null
	openssl rsa -in "$dir/pki/accounts.key" -pubout -out "$dir/pki/accounts.pub" 2>/dev/null
	printf '%s\n' 'admin,admin,1,"system:masters"' 'kubelet,system:node:node1,2,"system:nodes"' >"$dir/tokens.csv"
	for user in admin kubelet; do
		cat >"$dir/kubeconfig-$user" <<-E
			apiVersion: v1
			kind: Config
			clusters: [{name: test, cluster: {server: "https://$address:6443", insecure-skip-tls-verify: true}}]
			users: [{name: $user, user: {token: $user}}]
			contexts: [{name: test, context: {cluster: test, user: $user}}]
			current-context: test
		E
	done

	start etcd etcd --data-dir "$dir/etcd" --log-level error --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
	start apiserver "$bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address "$address" --advertise-address "$address" \
		--cert-dir "$dir/pki" --service-cluster-ip-range 10.96.0.0/16 --service-account-issuer https://kubernetes.default.svc \
		--service-account-key-file "$dir/pki/accounts.pub" --service-account-signing-key-file "$dir/pki/accounts.key" \
		--allow-privileged --token-auth-file "$dir/tokens.csv" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
		--kubelet-preferred-address-types InternalIP
	await 'the API server' api /readyz
	start controllers "$bin/kube-controller-manager" --kubeconfig "$dir/kubeconfig-admin" --leader-elect=false --secure-port 0 \
		--service-account-private-key-file "$dir/pki/accounts.key" --root-ca-file "$dir/pki/apiserver.crt" --use-service-account-credentials
	start scheduler "$bin/kube-scheduler" --kubeconfig "$dir/kubeconfig-admin" --leader-elect=false --secure-port 0
	cat >"$dir/Corefile" <<-E
		.:53 {
		    bind $address
		    errors
		    kubernetes cluster.local {
		        kubeconfig $dir/kubeconfig-admin test
		        ttl 1
		    }
		}
	E
	start coredns "$bin/coredns" -conf "$dir/Corefile"

	cat >"$dir/containerd.toml" <<-E
		version = 2
		root = "$dir/node/root"
		state = "$dir/node/state"
		[grpc]
		  address = "$dir/node/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "localhost/pause:test"
		  restrict_oom_score_adj = true # root without CAP_SYS_RESOURCE
		  disable_apparmor = true
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "/usr/lib/cni"
		    conf_dir = "$dir/node/cni"
	E
	cat >"$dir/node/cni/10-pods.conflist" <<-E
		{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge", "bridge": "pods0", "isGateway": true, "hairpinMode": true,
		 "ipam": {"type": "host-local", "dataDir": "$dir/node/ipam", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
	E
	cat >"$dir/kubelet.yaml" <<-E
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		address: $address
		authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
		authorization: {mode: AlwaysAllow}
		cgroupDriver: cgroupfs
		failCgroupV1: false
		failSwapOn: false
		enforceNodeAllocatable: []
		localStorageCapacityIsolation: false
		containerRuntimeEndpoint: unix://$dir/node/containerd.sock
		featureGates: {KubeletInUserNamespace: true} # nor are limits, sysctls and OOM scores fatal that cannot be set
		evictionHard: {memory.available: 50Mi, nodefs.available: 0%, imagefs.available: 0%}
		clusterDNS: [$address]
		clusterDomain: cluster.local
	E
	start containerd containerd --config "$dir/containerd.toml"
	await containerd ctr -a "$dir/node/containerd.sock" version
	local archive
	for archive; do
		ctr -a "$dir/node/containerd.sock" -n k8s.io images import "$archive" >/dev/null
	done
	start proxy "$bin/kube-proxy" --kubeconfig "$dir/kubeconfig-admin" --proxy-mode nftables --cluster-cidr 10.244.0.0/16 --hostname-override node1 \
		--conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0 \
		--metrics-bind-address 127.0.0.1:10249 --healthz-bind-address 127.0.0.1:10256
	start kubelet "$bin/kubelet" --config "$dir/kubelet.yaml" --kubeconfig "$dir/kubeconfig-kubelet" --root-dir "$dir/kubelet" \
		--hostname-override node1 --node-ip "$address"
	await 'the node' node_ready
}

down() {
	[[ -d $dir ]] || return 0
	for program in kubelet proxy coredns scheduler controllers; do
		stop "$program"
	done
	local socket=$dir/node/containerd.sock
	if [[ -S $socket ]]; then
		for task in $(timeout 20 ctr -a "$socket" -n k8s.io tasks ls -q); do
			timeout 20 ctr -a "$socket" -n k8s.io tasks rm -f "$task" >/dev/null 2>&1 || true
		done
	fi
	stop containerd
	stop apiserver KILL
	stop etcd
	# Shims outlive containerd; they are those that were given its socket.
	ps -eo pid=,args= | awk -v socket="-address $socket" 'index($0, "containerd-shim") && index($0, socket) && !/awk/ { print $1 }' |
		while read -r pid; do kill "$pid" 2>/dev/null || true; done
	awk -v dir="$dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
		umount "$mount" 2>/dev/null || umount -l "$mount" || true
	done
	for namespace in $(ip netns list | awk '$1 ~ /^cni-/ { print $1 }' | sort | comm -23 - "$dir/namespaces"); do
		ip netns del "$namespace"
	done
	ip netns del "$name" 2>/dev/null || true
	[[ ! -e $dir/made-var-lib-kubelet ]] || rm -rf /var/lib/kubelet
	rm -rf "$dir"
}

case ${1:-} in
up)
	shift
	up "$@"
	;;
exec)
	shift
	KUBECONFIG=$dir/kubeconfig-admin KUBELET_ROOT=$dir/kubelet within "$@"
	;;
down) down ;;
*)
	sed -n '4,13p' "$0"
	exit 2
	;;
esac
