// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
)

// asShipped is the name of what the other settings are compared with.
const asShipped = "as shipped: `GOGC=400`, `GOMEMLIMIT=512MiB`"

// readBuffer returns the usual configuration with a read buffer of the gRPC receiver.
func readBuffer(config string, bytes int) string {
	return strings.Replace(config, "max_recv_msg_size_mib: 128", fmt.Sprintf("max_recv_msg_size_mib: 128, read_buffer_size: %d", bytes), 1)
}

// settings are what users may change around the processor, each alone. The receiver's CPU counts, and the memory that it takes.
func settings(binary string) []variant {
	from := variant{config: oursConfig, binary: binary, environment: seldomCollected}
	changed := func(name string, change func(*variant)) variant {
		v := from
		v.name = name
		change(&v)
		return v
	}
	return []variant{
		changed(asShipped, func(*variant) {}),
		changed("`GOGC=100`, Go's default", func(v *variant) { v.environment = nil }),
		changed("`GOGC=200`", func(v *variant) { v.environment = []string{"GOGC=200"} }),
		changed("`GOGC=off`", func(v *variant) { v.environment = []string{"GOGC=off", "GOMEMLIMIT=512MiB"} }),
		changed("`read_buffer_size: 4194304`", func(v *variant) { v.config = readBuffer(v.config, 4<<20) }),
		changed("`read_buffer_size: 32768`", func(v *variant) { v.config = readBuffer(v.config, 32<<10) }),
		changed("senders with `compression: gzip`, the exporter's default", func(v *variant) { v.compression = "gzip" }),
		changed("senders with `compression: snappy`", func(v *variant) { v.compression = "snappy" }),
		changed("senders with `compression: zstd`", func(v *variant) { v.compression = "zstd" }),
		changed("requests of 4,000 spans", func(v *variant) { v.spans = 4000 }),
		changed("requests of 100 spans", func(v *variant) { v.spans = 100 }),
		changed("requests of 10 spans", func(v *variant) { v.spans = 10 }),
		changed("feature gate `pdata.useProtoPooling`", func(v *variant) { v.arguments = []string{"--feature-gates=pdata.useProtoPooling"} }),
	}
}

// measureSettings compares settings around the processor.
func measureSettings(e effort) (report, error) {
	all := settings(e.binary)
	m, err := collectors(all, max(e.wholeRounds/6, 1), e.wholeBlock)
	if err != nil {
		return report{}, err
	}
	t := newTable("requests of 1,000 spans from one sender, no compression", "CPU of the receiver", "CPU of the sender", "peak memory, MiB")
	for _, v := range all {
		t.row(v.name, fmt.Sprintf("%.2f", m.costs.ratio(v.name, asShipped)), fmt.Sprintf("%.2f", m.sending.ratio(v.name, asShipped)), fmt.Sprint(m.peaks[v.name]>>20))
	}
	return report{tables: []table{*t}}, nil
}

// measureConnections measures the memory of a collector that many senders are connected to.
func measureConnections(e effort) (report, error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return report{}, err
	}
	defer os.RemoveAll(folder)
	buffers := []struct {
		name  string
		bytes int
	}{{"32 KiB", 32 << 10}, {"512 KiB, the receiver's default", 512 << 10}, {"4 MiB", 4 << 20}}
	head := []string{"peak memory, MiB, by `read_buffer_size`"}
	for _, n := range e.connections {
		head = append(head, fmt.Sprintf("connections: %d", n))
	}
	t := newTable(head...)
	for _, b := range buffers {
		cells := []string{b.name}
		for _, n := range e.connections {
			peak, err := connected(folder, variant{
				name: fmt.Sprintf("%d-%d", n, b.bytes), config: readBuffer(oursConfig, b.bytes), binary: e.binary, environment: seldomCollected,
			}, n)
			if err != nil {
				return report{}, err
			}
			cells = append(cells, fmt.Sprint(peak>>20))
		}
		t.row(cells...)
	}
	return report{tables: []table{*t}}, nil
}

// connected returns the most memory of a collector while a number of senders keep their connections. They send in turn, each at
// least twice.
func connected(folder string, v variant, senders int) (uint64, error) {
	c, err := startCollector(folder, v, wholeSets)
	if err != nil {
		return 0, err
	}
	defer c.stop()
	all := []sender{c.sender}
	for len(all) < senders {
		s, err := newSender(c.process.address, "")
		if err != nil {
			return 0, err
		}
		defer s.connection.Close() // all stay open until the end
		all = append(all, s)
	}
	for range max(50/senders, 2) {
		for _, s := range all {
			c.sender = s
			if _, err := c.send(); err != nil {
				return 0, err
			}
		}
	}
	c.sender = all[0]
	return c.process.peak()
}
