// SPDX-License-Identifier: Apache-2.0

// Package fakenvml builds a stand-in for the NVIDIA driver and its library, for tests.
//
// The library, driver/nvml.c, is compiled against the header that go-nvml brings. It answers from a file named "control" beside
// it, which it reads again whenever it changed. So a test changes what the driver does while a program has it loaded. A line is a
// name and a value. The last line of a name counts, and "-" as value takes the entry away. What has no entry is not supported by
// the device. A name can be for one device alone: "3.power 1000" is for the fourth. The other entries are:
//
//	count 8                        number of devices; "5.is 6" puts device 6 at index 5
//	ret.<function> <code>          return code of a function; ret.* of all
//	delay.<function> <ms>          delay before the answer
//	hang.<function> 1              never answer
//	crash.<function> <how>         segv, abort, exit, or garbage, oversized, truncated: what to write into the
//	                               pipe to the collector
//	lost <code>                    what every function of a device answers
//	reset <unix seconds>           when a device was reset: lost to a library that was loaded before
//	log <path>                     file that each call is appended to
//	fuzz <per cent>                how often a code, a number or a text is a random one
//	field.<id> <type> <number>     field value; "ret <code>" instead gives its return code, the type "future" is
//	                               one that nobody knows. One of NVLinks
//	                               is the sum, of which each of nvlink.links has its share
//	field.<id>@<scope> ...         likewise, of one NVLink or of the module (1)
//	throttle.time.<reason> ...     likewise, under the number that the release of "library" has for it; so
//	power_smoothing.<n>            is the n-th value of power smoothing
//	samples.<type> <number>...     what is in a sample buffer, 100 ms apart, the last one new
//	events <mask>                  the types of events that a device has
//	events.structured 1            the newer form of events, with a severity, is there
//	event.<n> <device> <type> <data> [<times> <gpu instance> <compute instance> <severity>]
//	                               what happens, in the order of n from 0 on
//	process.<n> <pid> <bytes> [<gpu instance> <compute instance> <SM> <memory> <encoder> <decoder>]
//	                               a process that uses a device; -1 bytes are not known
//	processes.many <count> <pid>   that many processes of a GiB, from a pid on
//	gpm 1                          the device has GPM
//	gpm.<id> <number>              a GPM metric; gpm.<id>@<gpu instance> of a MIG instance
//	mig.max <count>, mig.<i> <uuid> <gpu instance> <compute instance> <profile> <profile id> <placement> <bytes> <bytes used>
//	                               the MIG layout of a device
//	minor <number>                 of the device file; the device's number by default
//
// A number may be written "1000+50/s": it grows with the time since the library was loaded.
//
// Beside the library, Dir has a tree like that of a host with the driver loaded, for the receiver's root_path.
package fakenvml

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed driver/nvml.c
var source []byte

//go:embed profiles
var profiles embed.FS

// Profiles returns the names of the device profiles.
func Profiles() []string {
	entries, err := profiles.ReadDir("profiles")
	if err != nil {
		panic(err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".conf")
	}
	return names
}

// T is what uses a driver: a test, or a program that ends in its own way when something fails. Fatal and Fatalf do not
// return.
type T interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	TempDir() string
}

// Driver is a fake driver in a directory of its own.
type Driver struct {
	t T
	// Root is the top of a tree like that of a host.
	Root string
	// Library is the path of the library.
	Library string
	profile string
}

// New compiles a library with the devices of a profile, and lays out a host with the driver loaded. The library
// lacks the given symbols, as that of an older driver does.
func New(t T, profile string, missing ...string) *Driver {
	t.Helper()
	content, err := profiles.ReadFile("profiles/" + profile + ".conf")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	d := &Driver{t: t, Root: root, Library: filepath.Join(root, "usr", "lib", "libnvidia-ml.so.1"), profile: string(content)}
	d.Set()
	d.Install(missing...)
	d.Load()
	return d
}

// Install puts the library where it belongs, replacing one that is there.
func (d *Driver) Install(missing ...string) {
	d.t.Helper()
	d.write("usr/lib/driver.c", source)
	script := "{ global: nvml*; local: *; };"
	if len(missing) > 0 {
		script = fmt.Sprintf("{ local: %s; };", strings.Join(missing, "; "))
	}
	d.write("usr/lib/symbols", []byte(script))
	d.compile("driver.c", "-I", Header(d.t), "-Wl,--version-script=symbols")
}

// InstallOther puts a library that is not NVML in its place.
func (d *Driver) InstallOther() {
	d.t.Helper()
	d.write("usr/lib/other.c", []byte("int nothing_of_the_kind(void) { return 0; }\n"))
	d.compile("other.c")
}

func (d *Driver) dir() string { return filepath.Dir(d.Library) }

// compile replaces the library by a new file, as a package manager does. A program that has the old one mapped keeps it.
func (d *Driver) compile(file string, flags ...string) {
	d.t.Helper()
	args := append([]string{"-shared", "-fPIC", "-O1", "-pthread", "-Wl,-soname,libnvidia-ml.so.1", "-o", d.Library + ".new", file}, flags...)
	gcc := exec.Command("gcc", args...)
	gcc.Dir = d.dir()
	if output, err := gcc.CombinedOutput(); err != nil {
		d.t.Fatalf("gcc: %v\n%s", err, output)
	}
	if err := os.Rename(d.Library+".new", d.Library); err != nil {
		d.t.Fatal(err)
	}
}

// Remove takes the library away.
func (d *Driver) Remove() {
	d.t.Helper()
	if err := os.Remove(d.Library); err != nil {
		d.t.Fatal(err)
	}
}

// Set makes the control file of the profile and the given lines. The driver acts on it at its next call.
func (d *Driver) Set(lines ...string) {
	d.t.Helper()
	content := d.profile + "\n" + strings.Join(lines, "\n") + "\n"
	d.write("usr/lib/control.new", []byte(content))
	if err := os.Rename(filepath.Join(d.dir(), "control.new"), filepath.Join(d.dir(), "control")); err != nil {
		d.t.Fatal(err)
	}
}

// Load makes the host look as with the kernel driver loaded, Unload as without.
func (d *Driver) Load() {
	d.t.Helper()
	d.write("dev/nvidiactl", nil)
	d.write("proc/driver/nvidia/version", []byte("NVRM version: NVIDIA UNIX x86_64 Kernel Module\n"))
}

// Unload makes the host look as without the kernel driver.
func (d *Driver) Unload() {
	d.t.Helper()
	err := errors.Join(os.RemoveAll(filepath.Join(d.Root, "dev")), os.RemoveAll(filepath.Join(d.Root, "proc", "driver")))
	if err != nil {
		d.t.Fatal(err)
	}
}

// Plug puts a GPU on the host's PCI bus. Its place is the one that a profile gives to the GPU with that index. The driver holds
// it, and it has a device file. information is what the kernel's driver says of it; nothing if empty.
func (d *Driver) Plug(index int, information string) {
	d.t.Helper()
	address := Address(index)
	dir := "sys/bus/pci/devices/" + address + "/"
	d.WriteFile(dir+"vendor", "0x10de\n")
	d.WriteFile(dir+"class", "0x030200\n")
	if err := os.Symlink("../../../../bus/pci/drivers/nvidia", filepath.Join(d.Root, dir, "driver")); err != nil {
		d.t.Fatal(err)
	}
	d.WriteFile(fmt.Sprintf("dev/nvidia%d", index), "")
	if information != "" {
		d.WriteFile("proc/driver/nvidia/gpus/"+address+"/information", information)
	}
}

// Unplug takes the GPU off the bus.
func (d *Driver) Unplug(index int) {
	d.t.Helper()
	err := errors.Join(os.RemoveAll(filepath.Join(d.Root, "sys", "bus", "pci", "devices", Address(index))),
		os.RemoveAll(filepath.Join(d.Root, "proc", "driver", "nvidia", "gpus", Address(index))),
		os.Remove(filepath.Join(d.Root, fmt.Sprintf("dev/nvidia%d", index))))
	if err != nil {
		d.t.Fatal(err)
	}
}

// Address returns the PCI address of a device of a profile.
func Address(index int) string { return fmt.Sprintf("0000:%02x:00.0", 0x17+index) }

// WriteFile puts a file into the host's tree.
func (d *Driver) WriteFile(path, content string) {
	d.t.Helper()
	d.write(path, []byte(content))
}

func (d *Driver) write(path string, content []byte) {
	d.t.Helper()
	path = filepath.Join(d.Root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// Header returns the directory of nvml.h in the go-nvml version that the module requires.
func Header(t T) string {
	t.Helper()
	list := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/NVIDIA/go-nvml/pkg/nvml")
	// In this module, whichever one the caller is of.
	if _, file, _, ok := runtime.Caller(0); ok {
		list.Dir = filepath.Dir(file)
	}
	dir, err := list.Output()
	if err != nil {
		t.Fatalf("find the header of NVML in go-nvml: %v", err)
	}
	return strings.TrimSpace(string(dir))
}
