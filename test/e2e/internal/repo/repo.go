// SPDX-License-Identifier: Apache-2.0

// Package repo finds files of this repository, wherever in it a program runs.
package repo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// marker lies at the top of the repository alone.
const marker = "builder-config.yaml"

// Path answers the path of a file or folder, given from the top of the repository.
func Path(parts ...string) (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(filepath.Join(folder, marker))
		if err == nil {
			return filepath.Join(append([]string{folder}, parts...)...), nil
		}
		up := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || up == folder {
			return "", errors.New("not inside the repository: no " + marker + " here or above")
		}
		folder = up
	}
}
