// SPDX-License-Identifier: Apache-2.0

// Package loopback finds ports of 127.0.0.1 for the programs that tests, benchmarks and the demo start.
package loopback

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
)

// Ports are taken from this range. Linux gives outgoing connections ports from 32768 up (net.ipv4.ip_local_port_range). So
// none of them takes a port between its reservation and its use. Nor is one that waits for a listener connected to itself.
const first, last = 20000, 29999

// Reserve answers n different TCP ports of the loopback on which nobody listens. No other caller of Reserve on this machine
// gets them until release is called or this process ends. n must be well below the 10,000 ports of the range.
func Reserve(n int) (ports []int, release func(), err error) {
	var held []net.PacketConn
	release = func() {
		for _, h := range held {
			_ = h.Close() // it was never used
		}
	}
	// Starting anywhere keeps programs that search at the same time apart.
	for _, offset := range rand.Perm(last - first + 1) {
		if len(ports) == n {
			return ports, release, nil
		}
		port := first + offset
		// The UDP port of the same number is the reservation. It is exclusive, and leaves the TCP port to who asked for it.
		// The kernel returns it however this process ends.
		reservation, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(address(port)))
		if err != nil {
			continue
		}
		if CheckFree(address(port).String()) != nil {
			_ = reservation.Close()
			continue
		}
		held = append(held, reservation)
		ports = append(ports, port)
	}
	release()
	return nil, nil, fmt.Errorf("no %d free ports between %d and %d", n, first, last)
}

// CheckFree is an error when a TCP address, host:port, cannot be listened on.
func CheckFree(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return listener.Close()
}

func address(port int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port))
}
