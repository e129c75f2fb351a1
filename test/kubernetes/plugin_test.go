// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	device "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
	resources "k8s.io/kubelet/pkg/apis/podresources/v1"
)

const gpuResource = "nvidia.com/gpu"

// plugin is a device plugin of the kubelet: it offers devices of the names given, and gives containers nothing.
type plugin struct {
	device.UnimplementedDevicePluginServer
	ids  []string
	done <-chan struct{}
}

func (p *plugin) GetDevicePluginOptions(context.Context, *device.Empty) (*device.DevicePluginOptions, error) {
	return &device.DevicePluginOptions{}, nil
}

func (p *plugin) ListAndWatch(_ *device.Empty, stream grpc.ServerStreamingServer[device.ListAndWatchResponse]) error {
	response := &device.ListAndWatchResponse{}
	for _, id := range p.ids {
		response.Devices = append(response.Devices, &device.Device{ID: id, Health: device.Healthy})
	}
	if err := stream.Send(response); err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-stream.Context().Done():
	}
	return nil
}

func (p *plugin) Allocate(_ context.Context, request *device.AllocateRequest) (*device.AllocateResponse, error) {
	response := &device.AllocateResponse{}
	for range request.ContainerRequests {
		response.ContainerResponses = append(response.ContainerResponses, &device.ContainerAllocateResponse{})
	}
	return response, nil
}

func dial(t *testing.T, socket string) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, connection.Close()) })
	return connection
}

// offer registers a device plugin with the kubelet until the test ends. Where is the same for every kubelet.
func offer(t *testing.T, ids []string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	server := grpc.NewServer()
	device.RegisterDevicePluginServer(server, &plugin{ids: ids, done: ctx.Done()})
	listener, err := net.Listen("unix", filepath.Join(device.DevicePluginPath, "test.sock"))
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		stop()
		server.GracefulStop()
		assert.NoError(t, <-served)
	})
	_, err = device.NewRegistrationClient(dial(t, device.KubeletSocket)).Register(t.Context(),
		&device.RegisterRequest{Version: device.Version, Endpoint: "test.sock", ResourceName: gpuResource})
	require.NoError(t, err)
}

// owners asks the kubelet what pod has what device.
func owners(t *testing.T, kubelet string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	answer, err := resources.NewPodResourcesListerClient(dial(t, filepath.Join(kubelet, "pod-resources", "kubelet.sock"))).List(ctx, &resources.ListPodResourcesRequest{})
	require.NoError(t, err)
	found := map[string]string{}
	for _, pod := range answer.PodResources {
		for _, container := range pod.Containers {
			for _, devices := range container.Devices {
				for _, id := range devices.DeviceIds {
					found[id] = pod.Namespace + "/" + pod.Name
				}
			}
		}
	}
	return found
}
