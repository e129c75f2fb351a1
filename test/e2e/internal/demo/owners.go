// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"strings"

	"google.golang.org/grpc"
	api "k8s.io/kubelet/pkg/apis/podresources/v1"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// kubelet says which pods have which of the simulated GPUs.
type kubelet struct {
	api.UnimplementedPodResourcesListerServer
}

// List answers as a kubelet does.
func (kubelet) List(context.Context, *api.ListPodResourcesRequest) (*api.ListPodResourcesResponse, error) {
	answer := &api.ListPodResourcesResponse{}
	for _, o := range traffic.Owners() {
		devices := &api.ContainerDevices{ResourceName: "nvidia.com/gpu"}
		for _, gpu := range o.GPUs {
			devices.DeviceIds = append(devices.DeviceIds, fmt.Sprintf("GPU-00000100-0000-4000-8000-00000000000%d", gpu))
		}
		answer.PodResources = append(answer.PodResources, &api.PodResources{
			Name: o.Pod, Namespace: o.Namespace, Containers: []*api.ContainerResources{{Name: "main", Devices: []*api.ContainerDevices{devices}}},
		})
	}
	return answer, nil
}

// startKubelet serves on a unix socket until the server is stopped.
func startKubelet(socket string) (*grpc.Server, error) {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	server := grpc.NewServer()
	api.RegisterPodResourcesListerServer(server, kubelet{})
	go func() { _ = server.Serve(listener) }() // until it is stopped
	return server, nil
}

// showProcesses puts the processes of the GPUs' owners into the /proc of the simulated host.
func (d *driver) showProcesses() (err error) {
	defer recovered(&err)
	for _, o := range traffic.Owners() {
		container := fmt.Sprintf("%x", sha256.Sum256([]byte(o.Pod)))
		pod := fmt.Sprintf("%s_%s_%s_%s_%s", container[:8], container[8:12], container[12:16], container[16:20], container[20:32])
		group := "0::/kubepods.slice/kubepods-pod" + pod + ".slice/cri-containerd-" + container + ".scope\n"
		arguments := []string{"/usr/bin/python3", "/usr/local/bin/vllm", "serve", o.Model, "--tensor-parallel-size", fmt.Sprint(len(o.GPUs))}
		worker := "VLLM::Worker_TP"
		if o.Service == "" {
			arguments, worker = []string{"/usr/bin/python3", "notebook.py"}, "python3"
		}
		d.showProcess(o.Leader, 1, group, o.Service, arguments...)
		for i, pid := range o.Workers {
			name := worker
			if o.Service != "" {
				name += fmt.Sprint(i)
			}
			d.showProcess(pid, o.Leader, group, o.Service, name)
		}
	}
	return nil
}

func (d *driver) showProcess(pid, parent int, group, service string, arguments ...string) {
	fields := []string{"S", fmt.Sprint(parent), fmt.Sprint(parent), fmt.Sprint(parent)}
	for len(fields) < 19 {
		fields = append(fields, "0")
	}
	dir := fmt.Sprintf("proc/%d/", pid)
	d.WriteFile(dir+"stat", fmt.Sprintf("%d (python3) %s 1 0\n", pid, strings.Join(fields, " ")))
	d.WriteFile(dir+"cgroup", group)
	d.WriteFile(dir+"cmdline", strings.Join(arguments, "\x00")+"\x00")
	if service != "" {
		d.WriteFile(dir+"environ", "OTEL_SERVICE_NAME="+service+"\x00")
	}
}
