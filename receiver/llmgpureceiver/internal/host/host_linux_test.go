// SPDX-License-Identifier: Apache-2.0

package host

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tree lays out a host; a value that begins with "->" is a link.
func tree(t *testing.T, files map[string]string) Host {
	t.Helper()
	h := Host{Root: t.TempDir()}
	for name, content := range files {
		path := h.path(name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if len(content) > 2 && content[:2] == "->" {
			require.NoError(t, os.Symlink(content[2:], path))
		} else {
			require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
		}
	}
	return h
}

func pci(files map[string]string, address, vendor, class, driver, power string) {
	dir := "sys/bus/pci/devices/" + address + "/"
	files[dir+"vendor"], files[dir+"class"], files[dir+"power/runtime_status"] = vendor+"\n", class+"\n", power+"\n"
	if driver != "" {
		files[dir+"driver"] = "->../../../bus/pci/drivers/" + driver
	}
}

func TestDriverLoaded(t *testing.T) {
	asleep := map[string]string{"dev/nvidiactl": ""}
	pci(asleep, "0000:01:00.0", "0x10de", "0x030000", "nvidia", "suspended")
	awake := map[string]string{"dev/nvidiactl": ""}
	pci(awake, "0000:01:00.0", "0x10de", "0x030000", "nvidia", "suspended")
	pci(awake, "0000:02:00.0", "0x10de", "0x030000", "nvidia", "active")
	other := map[string]string{}
	pci(other, "0000:01:00.0", "0x10de", "0x030000", "nouveau", "active")
	for name, test := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"nothing":                        {nil, false},
		"control device":                 {map[string]string{"dev/nvidiactl": ""}, true},
		"module without device files":    {map[string]string{"proc/driver/nvidia/version": "NVRM"}, true},
		"WSL":                            {map[string]string{"dev/dxg": ""}, true},
		"a GPU with another driver":      {other, false},
		"all GPUs asleep: not to wake":   {asleep, false},
		"one GPU awake: nothing to lose": {awake, true},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, tree(t, test.files).DriverLoaded())
		})
	}
}

func TestGPUs(t *testing.T) {
	files := map[string]string{}
	for i := range 3 {
		pci(files, "0000:0"+strconv.Itoa(i)+":00.0", "0x10de", "0x030200", "nvidia", "active")
		files["dev/nvidia"+strconv.Itoa(i)] = ""
	}
	pci(files, "0000:00:00.1", "0x10de", "0x040300", "snd_hda_intel", "active") // sound on the board
	pci(files, "0000:09:00.0", "0x10de", "0x030000", "vfio-pci", "active")      // passed through to a guest
	pci(files, "0000:0a:00.0", "0x10de", "0x068000", "nvidia-nvswitch", "active")
	pci(files, "0000:0b:00.0", "0x8086", "0x030000", "i915", "active")
	files["proc/driver/nvidia/gpus/0000:01:00.0/information"] = "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 190\n" +
		"GPU UUID: \t GPU-00000100-0000-4000-8000-000000000001\nBus Location: \t 0000:01:00.0\nDevice Minor: \t 1\n"
	files["proc/driver/nvidia/gpus/0000:02:00.0/information"] = "Model: \t\t Unknown\nGPU UUID: \t GPU-????????-????-????-????-????????????\n"
	gpus, complete := tree(t, files).GPUs()
	assert.True(t, complete)
	assert.Equal(t, []GPU{
		{Address: "0000:00:00.0"},
		{Address: "0000:01:00.0", UUID: "GPU-00000100-0000-4000-8000-000000000001", Model: "NVIDIA H100 80GB HBM3"},
		{Address: "0000:02:00.0"},
	}, gpus)

	delete(files, "dev/nvidia1")
	_, complete = tree(t, files).GPUs()
	assert.False(t, complete, "a container that was given two of three")
	_, complete = tree(t, nil).GPUs()
	assert.False(t, complete)

	gpus, complete = tree(t, map[string]string{"proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: A\n"}).GPUs()
	assert.False(t, complete, "a container without the bus")
	assert.Equal(t, []GPU{{Address: "0000:01:00.0", Model: "A"}}, gpus)
}

func TestDenied(t *testing.T) {
	h := tree(t, map[string]string{"dev/nvidiactl": ""})
	assert.False(t, h.Denied())
	assert.False(t, tree(t, nil).Denied(), "what is not there is not closed")
	require.NoError(t, os.Chmod(h.path("dev/nvidiactl"), 0))
	require.NoError(t, os.Chmod(h.Root, 0o755))
	// Root may open anything: another user on this thread may not.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if os.Getuid() == 0 {
		parent := filepath.Dir(h.Root)
		require.NoError(t, os.Chmod(parent, 0o755))
		require.NoError(t, syscall.Setfsuid(65534))
		defer func() { require.NoError(t, syscall.Setfsuid(0)) }()
	}
	assert.True(t, h.Denied())
}

func TestBootAndMemory(t *testing.T) {
	h := tree(t, map[string]string{"proc/stat": "cpu 1 2\nbtime 1700000000\n", "proc/meminfo": "MemTotal:  1024 kB\nMemFree: 3 kB\n"})
	assert.Equal(t, time.Unix(1_700_000_000, 0), h.Boot())
	assert.EqualValues(t, 1<<20, h.Memory())
	for _, broken := range []string{"", "btime", "btime \n", "btime x\n"} {
		assert.True(t, tree(t, map[string]string{"proc/stat": broken}).Boot().IsZero(), broken)
	}
	assert.Zero(t, tree(t, nil).Memory())
}
