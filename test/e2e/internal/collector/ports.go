package collector

import "net"

// FreePorts answers n loopback ports that nobody listens on at the moment.
func FreePorts(n int) ([]int, error) {
	if n == 0 {
		return nil, nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	// Open until the others are found, so that no port is given twice.
	defer listener.Close()
	others, err := FreePorts(n - 1)
	return append(others, listener.Addr().(*net.TCPAddr).Port), err
}

// CheckFree is an error when an address cannot be listened on.
func CheckFree(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return listener.Close()
}
