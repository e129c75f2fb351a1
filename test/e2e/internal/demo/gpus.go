// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// driverLoaded reports whether this machine has NVIDIA GPUs with a driver.
func driverLoaded() bool {
	for _, sign := range []string{"/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/dxg", "/dev/nvhost-ctrl-gpu"} {
		if _, err := os.Stat(sign); err == nil {
			return true
		}
	}
	return false
}

// driver is a simulated driver.
type driver struct{ *fakenvml.Driver }

// newDriver compiles one with H100 GPUs in a folder.
func newDriver(folder string) (d *driver, err error) {
	defer recovered(&err)
	return &driver{fakenvml.New(user{folder}, "h100")}, nil
}

// update changes what the devices say.
func (d *driver) update(lines []string) (err error) {
	defer recovered(&err)
	d.Set(lines...)
	return nil
}

// user is what a driver reports failures to: they come out as panics, which recovered turns into errors.
type user struct{ folder string }

type failure string

func recovered(err *error) { //nolint:gocritic // it sets the result of who defers it
	switch cause := recover().(type) {
	case nil:
	case failure:
		*err = fmt.Errorf("%s", string(cause))
	default:
		panic(cause)
	}
}

func (user) Helper() {}

func (user) Fatal(args ...any) { panic(failure(fmt.Sprint(args...))) }

func (user) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

func (u user) TempDir() string {
	folder := filepath.Join(u.folder, "gpus")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		panic(failure(err.Error()))
	}
	return folder
}
