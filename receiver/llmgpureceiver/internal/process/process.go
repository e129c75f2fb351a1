// SPDX-License-Identifier: Apache-2.0

package process

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Process is what the host's files hold of one process.
type Process struct {
	PID int
	// Name is the executable's, as the kernel has it: at most 15 bytes.
	Name string
	// Identity is that of the engine that the process is or works for. It is empty where that engine is not known.
	Identity Identity
	// Leader is the process that the identity is of: the process itself, or the one that it works for. It is 0 where the
	// process is of no engine.
	Leader int
	// ContainerID and PodUID are of the container that it runs in; empty where it runs in none.
	ContainerID, PodUID string
}

// Errors that a process can have.
const (
	// ErrGone is that the process ended.
	ErrGone = "gone"
	// ErrDenied is that its files are closed to the collector.
	ErrDenied = "denied"
	// ErrUnreadable is any other.
	ErrUnreadable = "unreadable"
)

const (
	// maxFile bounds what is read of one file.
	maxFile = 64 << 10
	// maxDepth bounds the way up from a worker to its leader.
	maxDepth = 16
	// maxKnown bounds the processes that are remembered.
	maxKnown = 8192
)

// Host reads the processes of a host. It remembers those that it has read, and is not safe for concurrent use.
type Host struct {
	// Root is the top of the host's file system.
	Root string
	// Engines are the rows to recognise engines by.
	Engines []Engine
	// Environment says that two variables are read of the environment of engines, OTEL_SERVICE_NAME and
	// OTEL_RESOURCE_ATTRIBUTES, for their service.name.
	Environment bool
	// Failed, if set, is called with the kind of each error.
	Failed func(kind string)

	known map[int]*entry
	round uint64
}

// entry is one process that was read.
type entry struct {
	stat
	id           Identity
	recognised   bool
	container    string
	pod          string
	service      string // out of the environment
	serviceKnown bool
	unsettled    bool   // it may take another program or name later, or could not be read
	looked       uint64 // the round in which it was asked for last
}

// stat is what /proc/<pid>/stat holds.
type stat struct {
	name           string
	parent         int
	group, session int
	start          uint64
}

// NextRound begins a collection. What is asked for again in it is read from memory. Processes that nobody asked for in the round
// before are forgotten.
func (h *Host) NextRound() {
	h.round++
	for pid, e := range h.known {
		if e.looked+1 < h.round {
			delete(h.known, pid)
		}
	}
}

// Process returns what is known of a process; ok is false if it is gone.
func (h *Host) Process(pid int) (p Process, ok bool) {
	e := h.entry(pid)
	if e == nil {
		return Process{PID: pid}, false
	}
	p = Process{PID: pid, Name: e.name, ContainerID: e.container, PodUID: e.pod}
	p.Identity, p.Leader = h.leader(pid, e)
	return p, true
}

// leader walks up from a process to the one whose command line says most. It is the nearest process in the same container that is
// recognised and has a model. A parent that says the same is taken for it: forks have their parent's command line at first. Else
// it is the nearest engine, else the nearest launcher. Where the parents are gone, the leaders of its process group and session
// are looked at.
func (h *Host) leader(pid int, e *entry) (id Identity, leader int) {
	best, of := -1, (*entry)(nil)
	consider := func(pid int, e *entry) (found bool) {
		switch {
		case best >= 0 && of.id.Model != "" && (!e.recognised || e.id != of.id):
			return true
		case !e.recognised:
			return false
		case best < 0, of.id.launcher && !e.id.launcher, of.id.Model != "":
			best, of = pid, e
		case !e.id.launcher && e.id.Model != "" && e.id.Engine == of.id.Engine:
			best, of = pid, e
		}
		return false
	}
	at, current := pid, e
	for range maxDepth {
		if consider(at, current) {
			break
		}
		parent := current.parent
		if parent <= 1 || parent == at {
			break
		}
		next := h.entry(parent)
		if next == nil || next.container != e.container {
			break
		}
		at, current = parent, next
	}
	if best < 0 || of.id.Model == "" {
		for _, other := range []int{e.group, e.session} {
			if other <= 1 || other == pid {
				continue
			}
			if o := h.entry(other); o != nil && o.container == e.container {
				consider(other, o)
			}
		}
	}
	if best < 0 {
		return Identity{}, 0
	}
	id = of.id
	if h.Environment {
		if service := h.service(best, of); service != "" {
			id.Service = service
		}
	}
	return id, best
}

// entry reads a process, or remembers it. A process with the same number that started at the same time is the same.
func (h *Host) entry(pid int) *entry {
	if h.known == nil {
		h.known = map[int]*entry{}
	}
	e := h.known[pid]
	if e != nil && e.looked == h.round {
		return e
	}
	s, ok := h.stat(pid)
	if !ok {
		delete(h.known, pid)
		return nil
	}
	if e == nil || e.start != s.start {
		if len(h.known) >= maxKnown {
			clear(h.known)
		}
		e = &entry{unsettled: true}
		h.known[pid] = e
	}
	e.stat, e.looked = s, h.round
	if e.unsettled {
		h.describe(pid, e)
	}
	return e
}

// describe reads command line and control group. What is no engine is read again in later rounds, as long as it may still become
// one. It may run another program, or give itself a name.
func (h *Host) describe(pid int, e *entry) {
	if line, ok := h.read(pid, "cmdline"); ok {
		arguments := strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")
		e.id, e.recognised = Recognise(h.Engines, arguments)
	}
	group, ok := h.read(pid, "cgroup")
	if ok {
		e.container, e.pod = Container(string(group))
	}
	e.unsettled = !ok || !e.recognised || e.id.launcher
}

// service returns the service.name in the environment of a process, which is read once.
func (h *Host) service(pid int, e *entry) string {
	if e.serviceKnown {
		return e.service
	}
	e.serviceKnown = true
	if environment, ok := h.read(pid, "environ"); ok {
		e.service = Service(environment)
	}
	return e.service
}

func (h *Host) stat(pid int) (s stat, ok bool) {
	content, ok := h.read(pid, "stat")
	if !ok {
		return stat{}, false
	}
	open, end := bytes.IndexByte(content, '('), bytes.LastIndexByte(content, ')')
	if open < 0 || end < open {
		h.failed(ErrUnreadable)
		return stat{}, false
	}
	fields := strings.Fields(string(content[end+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return stat{}, false
	}
	s.name = strings.ToValidUTF8(string(content[open+1:end]), "")
	s.parent, _ = strconv.Atoi(fields[1])
	s.group, _ = strconv.Atoi(fields[2])
	s.session, _ = strconv.Atoi(fields[3])
	s.start, _ = strconv.ParseUint(fields[19], 10, 64)
	return s, true
}

// read returns a file of a process, up to a bound.
func (h *Host) read(pid int, name string) (content []byte, ok bool) {
	file, err := os.Open(filepath.Join(h.Root, "proc", strconv.Itoa(pid), name))
	if err == nil {
		defer file.Close()
		content, err = io.ReadAll(io.LimitReader(file, maxFile))
	}
	switch {
	case err == nil:
		return content, true
	case errors.Is(err, fs.ErrNotExist):
		h.failed(ErrGone)
	case errors.Is(err, fs.ErrPermission):
		h.failed(ErrDenied)
	case strings.Contains(err.Error(), "no such process"):
		h.failed(ErrGone)
	default:
		h.failed(ErrUnreadable)
	}
	return nil, false
}

func (h *Host) failed(kind string) {
	if h.Failed != nil {
		h.Failed(kind)
	}
}

// Service returns the service.name that an environment gives to OpenTelemetry: OTEL_SERVICE_NAME, else the one in
// OTEL_RESOURCE_ATTRIBUTES. It looks at no other variable.
func Service(environment []byte) (name string) {
	for variable := range bytes.SplitSeq(environment, []byte{0}) {
		if text, found := bytes.CutPrefix(variable, []byte("OTEL_SERVICE_NAME=")); found && len(text) > 0 {
			return value(string(text))
		}
		text, found := bytes.CutPrefix(variable, []byte("OTEL_RESOURCE_ATTRIBUTES="))
		if !found || len(text) > maxFile/2 {
			continue
		}
		for pair := range strings.SplitSeq(string(text), ",") {
			if v, found := strings.CutPrefix(strings.TrimSpace(pair), "service.name="); found {
				name = value(v)
			}
		}
	}
	return name
}

var (
	// containerID is the id in a control group: of Docker, containerd, CRI-O and Podman.
	containerID = regexp.MustCompile(`(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?$`)
	// podUID is in the name of a pod's slice, with "-" or "_".
	podUID = regexp.MustCompile(`pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?:/|$)`)
)

// Container returns the container and the pod in the text of /proc/<pid>/cgroup, of the first and the second version.
func Container(groups string) (container, pod string) {
	for line := range strings.Lines(groups) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		_, where, found := strings.Cut(rest, ":")
		if !found || len(where) > 4096 {
			continue
		}
		if match := podUID.FindStringSubmatch(where); match != nil && pod == "" {
			pod = strings.ReplaceAll(match[1], "_", "-")
		}
		for part := where; part != "" && part != "/" && container == ""; part = filepath.Dir(part) {
			if match := containerID.FindStringSubmatch(part); match != nil {
				container = match[1]
			}
		}
	}
	return container, pod
}
