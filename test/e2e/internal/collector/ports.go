package collector

import (
	"fmt"
	"net"
)

// FreePorts answers n loopback ports that nobody listens on at the moment.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		// All stay open until the end, so that no port is given twice.
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

// CheckFree says whether an address can be listened on.
func CheckFree(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("%s is taken: %w", address, err)
	}
	return listener.Close()
}
