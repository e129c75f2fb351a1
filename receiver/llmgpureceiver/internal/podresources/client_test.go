// SPDX-License-Identifier: Apache-2.0

package podresources

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	api "k8s.io/kubelet/pkg/apis/podresources/v1"
)

// kubelet answers as a kubelet does.
type kubelet struct {
	api.UnimplementedPodResourcesListerServer
	answer *api.ListPodResourcesResponse
	hang   bool
}

func (k *kubelet) List(ctx context.Context, _ *api.ListPodResourcesRequest) (*api.ListPodResourcesResponse, error) {
	if k.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return k.answer, nil
}

// serve starts a kubelet on a socket; stop ends it.
func serve(t *testing.T, socket string, k *kubelet) (stop func()) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	server := grpc.NewServer()
	api.RegisterPodResourcesListerServer(server, k)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	return func() { server.Stop(); <-done }
}

func client(t *testing.T, socket string, timeout time.Duration) *Client {
	t.Helper()
	c := &Client{Socket: socket, Timeout: timeout}
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	return c
}

var share = "3e1f"

var onePod = &api.ListPodResourcesResponse{PodResources: []*api.PodResources{{
	Name: "chat-0", Namespace: "llm",
	Containers: []*api.ContainerResources{
		{Name: "engine", Devices: []*api.ContainerDevices{
			{ResourceName: "nvidia.com/gpu", DeviceIds: []string{"GPU-a", "GPU-b"}},
			{ResourceName: "rdma/hca", DeviceIds: []string{"mlx5_0"}},
		}},
		{Name: "side", DynamicResources: []*api.DynamicResource{{
			ClaimName: "gpu", ClaimNamespace: "llm",
			ClaimResources: []*api.ClaimResource{{DriverName: "gpu.nvidia.com", PoolName: "node-1", DeviceName: "gpu-3", ShareId: &share}},
		}}},
		{Name: "none"},
	},
}}}

func TestListAfterARestartOfTheKubelet(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "kubelet.sock")
	c := client(t, socket, 2*time.Second)

	_, err := c.List(t.Context())
	require.ErrorIs(t, err, ErrAbsent)
	require.ErrorContains(t, err, socket)

	for range 2 {
		stop := serve(t, socket, &kubelet{answer: onePod})
		assert.EventuallyWithT(t, func(t *assert.CollectT) {
			got, err := c.List(context.Background())
			require.NoError(t, err)
			assert.Equal(t, []Allocation{
				{Namespace: "llm", Pod: "chat-0", Container: "engine", Resource: "nvidia.com/gpu", ID: "GPU-a"},
				{Namespace: "llm", Pod: "chat-0", Container: "engine", Resource: "nvidia.com/gpu", ID: "GPU-b"},
				{Namespace: "llm", Pod: "chat-0", Container: "engine", Resource: "rdma/hca", ID: "mlx5_0"},
				{Namespace: "llm", Pod: "chat-0", Container: "side", Driver: "gpu.nvidia.com", Pool: "node-1", Device: "gpu-3", Share: share, Claim: "gpu"},
			}, got)
		}, 20*time.Second, 50*time.Millisecond)
		stop()
	}
}

func TestAKubeletThatDoesNotAnswer(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, socket string){
		"hangs": func(t *testing.T, socket string) { t.Cleanup(serve(t, socket, &kubelet{hang: true})) },
		"speaks another protocol": func(t *testing.T, socket string) {
			listener, err := net.Listen("unix", socket)
			require.NoError(t, err)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					connection, err := listener.Accept()
					if err != nil {
						return
					}
					_, _ = connection.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
					_ = connection.Close()
				}
			}()
			t.Cleanup(func() { _ = listener.Close(); <-done })
		},
		"knows another version": func(t *testing.T, socket string) {
			listener, err := net.Listen("unix", socket)
			require.NoError(t, err)
			server, done := grpc.NewServer(), make(chan struct{})
			go func() { defer close(done); _ = server.Serve(listener) }()
			t.Cleanup(func() { server.Stop(); <-done })
		},
		"lists too much": func(t *testing.T, socket string) {
			ids := make([]string, maxAllocations+1)
			t.Cleanup(serve(t, socket, &kubelet{answer: &api.ListPodResourcesResponse{PodResources: []*api.PodResources{{
				Containers: []*api.ContainerResources{{Devices: []*api.ContainerDevices{{DeviceIds: ids}}}},
			}}}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "kubelet.sock")
			start(t, socket)
			c, began := client(t, socket, 300*time.Millisecond), time.Now()
			got, err := c.List(t.Context())
			require.Error(t, err)
			assert.Empty(t, got)
			assert.Less(t, time.Since(began), 5*time.Second)
		})
	}
}
