// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The files of an emitter's folder. One of the last two says what it needs and how it is run.
const (
	aboutFile   = "emitter.json"
	packageFile = "package.json"
	moduleFile  = "go.mod"
)

// runTime bounds the run of one case, and installTime that of an installation.
const (
	runTime     = time.Minute
	installTime = 5 * time.Minute
)

// emitter is a folder with a small program that calls a model through one SDK and one instrumentation.
type emitter struct {
	name, folder string
	about
}

// about is the content of an emitter.json.
type about struct {
	// Shows is the case's one line.
	Shows string `json:"shows"`
	// Packages are those that the case's source names, of all that the program needs.
	Packages []string `json:"packages"`
	// Cases are those that the program can run.
	Cases []string `json:"cases"`
	// Keeps are beginnings of names of spans. Other spans are left out unless one of these is below them; without any, all stay.
	Keeps []string `json:"keeps,omitempty"`
	// Lacks are what the emitter's spans do not carry, by case; "*" stands for all cases. See corpus.Call.
	Lacks map[string][]string `json:"lacks"`
}

func loadEmitter(folder string) (*emitter, error) {
	e := &emitter{name: filepath.Base(folder), folder: folder}
	raw, err := os.ReadFile(filepath.Join(folder, aboutFile))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &e.about); err != nil {
		return nil, fmt.Errorf("%s/%s: %w", e.name, aboutFile, err)
	}
	if e.Shows == "" || len(e.Packages) == 0 || len(e.Cases) == 0 {
		return nil, fmt.Errorf("%s/%s: needs shows, packages and cases", e.name, aboutFile)
	}
	return e, nil
}

// lacks returns what the spans of a case do not carry.
func (e *emitter) lacks(name string) []string {
	all := slices.Concat(e.Lacks["*"], e.Lacks[name])
	slices.Sort(all)
	return slices.Compact(all)
}

func (e *emitter) isGo() bool {
	_, err := os.Stat(filepath.Join(e.folder, moduleFile))
	return err == nil
}

// install copies the emitter's program into a folder of its own and gets what it needs.
func (e *emitter) install(ctx context.Context, build string) (folder string, err error) {
	folder = filepath.Join(build, e.name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	sources := []string{e.folder}
	if !e.isGo() {
		sources = append(sources, filepath.Join(filepath.Dir(filepath.Dir(e.folder)), "js"))
	}
	for _, source := range sources {
		if err := os.CopyFS(folder, overwriting(folder, source)); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, installTime)
	defer cancel()
	if e.isGo() {
		return folder, command(ctx, folder, nil, "go", "build", "-mod=mod", "-o", "program", ".")
	}
	// Peer dependencies name versions that the packages of today no longer are. No package's own scripts are run.
	return folder, command(ctx, folder, nil, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error")
}

// run runs one case.
func (e *emitter) run(ctx context.Context, folder, name string, env []string) error {
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	if e.isGo() {
		return command(ctx, folder, env, filepath.Join(folder, "program"), name)
	}
	return command(ctx, folder, env, "node", "main.cjs", name)
}

// versions returns the packages that the source of the case names, with the versions that were installed.
func (e *emitter) versions(ctx context.Context, folder string) ([]string, error) {
	var all []string
	for _, name := range e.Packages {
		var version string
		if e.isGo() {
			cmd := exec.CommandContext(ctx, "go", "list", "-mod=mod", "-m", "-f", "{{.Version}}", name)
			cmd.Dir = folder
			out, err := cmd.Output()
			if err != nil {
				return nil, fmt.Errorf("version of %s: %w", name, err)
			}
			version = strings.TrimSpace(string(out))
		} else {
			raw, err := os.ReadFile(filepath.Join(folder, "node_modules", filepath.FromSlash(name), packageFile))
			if err != nil {
				return nil, err
			}
			var installed struct{ Version string }
			if err := json.Unmarshal(raw, &installed); err != nil {
				return nil, fmt.Errorf("version of %s: %w", name, err)
			}
			version = installed.Version
		}
		all = append(all, name+" "+version)
	}
	return all, nil
}

// command runs a program, whose output is shown if it fails. What it started ends with it.
func command(ctx context.Context, folder string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
}

// overwriting returns the files of a folder, without those that were installed, after it has made place for them.
func overwriting(target, source string) fs.FS {
	_ = filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			if relative, err := filepath.Rel(source, path); err == nil {
				_ = os.Remove(filepath.Join(target, relative))
			}
		}
		return nil
	})
	return os.DirFS(source)
}
