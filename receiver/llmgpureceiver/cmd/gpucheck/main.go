// SPDX-License-Identifier: Apache-2.0

// Command gpucheck asks the GPUs of this machine everything that the llm_gpu receiver can read. It prints for each call what it
// gave and how long it took. With -capture it also writes the answers of the first device, without its serial number and
// identity. They are a profile for the fake driver of the tests.
//
// It runs NVML in its own process: a driver that crashes or hangs takes it down.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml"
)

func main() {
	library := flag.String("library", "", "path of the driver's library; by default the system's libnvidia-ml.so.1")
	capture := flag.String("capture", "", "file to write a profile to")
	flag.Parse()
	if err := check(os.Stdout, *library, *capture); err != nil {
		fmt.Fprintln(os.Stderr, "gpucheck:", err)
		os.Exit(1)
	}
}

func check(out io.Writer, library, capture string) error {
	start := time.Now()
	reader, driver, failure := nvml.Open(library)
	if failure != nil {
		return failure
	}
	fmt.Fprintf(out, "driver %s, library %s, CUDA %s, loaded in %v\n", driver.Version, driver.Library, driver.CUDA, time.Since(start).Round(time.Microsecond))
	for _, symbol := range driver.MissingSymbols {
		fmt.Fprintf(out, "missing: %s\n", symbol)
	}
	devices, failure := reader.Survey()
	if failure != nil {
		return failure
	}
	for i := range devices {
		if err := report(out, i, &devices[i]); err != nil {
			return err
		}
		if err := doubts(out, reader, i); err != nil {
			return err
		}
	}
	if err := collect(out, reader); err != nil {
		return err
	}
	if capture == "" || len(devices) == 0 {
		return nil
	}
	return os.WriteFile(capture, profile(driver, &devices[0]), 0o644)
}

// report prints the answers of one device, those with values first.
func report(out io.Writer, index int, device *nvml.Surveyed) error {
	fmt.Fprintf(out, "\n%d %s %s, %s, compute capability %s, PCI %s, virtualization %s\n", index, device.Info.UUID, device.Info.Model,
		device.Info.Architecture, device.Info.ComputeCapability, device.Info.PCIAddress, device.Info.Virtualization)
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "  source\ttook\ttype\tquantity\tvalue\tunit")
	for _, answer := range device.Answers {
		for _, reading := range answer.Readings {
			spec, _ := reading.Key.Spec()
			value, note := fmt.Sprint(reading.Raw), ""
			if spec.Signed {
				value = fmt.Sprint(int64(reading.Raw))
			}
			if !reading.Key.Plausible(reading.Raw) {
				note = " (not plausible)"
			}
			fmt.Fprintf(table, "  %s\t%v\t%s\t%s\t%s\t%s%s\n", answer.Source, answer.Took, answer.Type, spec.Name, value, spec.Unit, note)
		}
	}
	for _, answer := range device.Answers {
		if len(answer.Readings) == 0 {
			fmt.Fprintf(table, "  %s\t%v\t\t\t%s\t\n", answer.Source, answer.Took, gpu.CodeName(answer.Code))
		}
	}
	return table.Flush()
}

// doubts prints the raw answers of the fields that only hardware can explain, and how they grew in a second.
func doubts(out io.Writer, reader *nvml.Reader, index int) error {
	answers, failure := reader.Doubts(index, time.Second)
	if failure != nil {
		return failure
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "\n  field in doubt\tscope\tlatency\ttype\traw\ta second later\tgrowth")
	for _, d := range answers {
		scope := fmt.Sprint(d.Scope)
		if d.Scope == math.MaxUint32 {
			scope = "all"
		}
		if d.Code != gpu.CodeSuccess {
			fmt.Fprintf(table, "  %d\t%s\t%v\t\t%s\t\t\n", d.Field, scope, d.Latency, gpu.CodeName(d.Code))
			continue
		}
		fmt.Fprintf(table, "  %d\t%s\t%v\t%s\t%d\t%d\t%d\n", d.Field, scope, d.Latency, d.Type, d.First, d.Second, int64(d.Second-d.First))
	}
	return table.Flush()
}

// collect times collections as the receiver makes them. They are of all quantities but those that the driver measures while the
// collection waits.
func collect(out io.Writer, reader *nvml.Reader) error {
	const rounds = 10
	want := gpu.AllKeys()
	want.Remove(gpu.PCIeTransmitRate, gpu.PCIeReceiveRate)
	var worst, sum time.Duration
	for range rounds {
		start := time.Now()
		if _, failure := reader.Read(gpu.Request{Want: want}); failure != nil {
			return failure
		}
		took := time.Since(start)
		sum += took
		worst = max(worst, took)
	}
	fmt.Fprintf(out, "\n%d collections of every quantity but PCIe throughput: mean %v, longest %v\n", rounds, (sum / rounds).Round(time.Microsecond), worst.Round(time.Microsecond))
	return nil
}
