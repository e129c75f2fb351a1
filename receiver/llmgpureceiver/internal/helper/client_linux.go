// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml"
)

// releasePoll is how often the release file is looked for.
const releasePoll = time.Second

// politeness is how long a helper that is no longer needed is given to exit by itself.
const politeness = 500 * time.Millisecond

// maxStuck is how many helper processes may be stuck in the kernel before no more are started.
const maxStuck = 2

// Client collects through a helper process, which it starts when it is needed and replaces when it fails.
type Client struct {
	options    Options
	executable string // what to run as the helper

	mu            sync.Mutex
	child         *child   // nil when none runs
	stuck         []*child // killed, and not gone
	failures      int      // since the last snapshot
	last          *CollectError
	notBefore     time.Time // when the next helper may be started
	releasedUntil time.Time
	closed        bool
	deadline      time.Time // of the collection under way

	stop    chan struct{}
	watcher sync.WaitGroup
}

// NewClient returns a client without a helper. Close must be called in the end.
func NewClient(options Options) *Client {
	c := &Client{options: options, executable: "/proc/self/exe", stop: make(chan struct{})}
	if options.ReleaseFile != "" {
		c.watcher.Go(c.watchReleaseFile)
	}
	return c
}

// Collect reads once from the driver, starting a helper where none runs. ctx must have a deadline, by which Collect returns. A
// tenth of the time is put aside for getting rid of a helper that does not answer. Its error is a *CollectError. Calls wait for
// each other.
func (c *Client) Collect(ctx context.Context, request gpu.Request) (Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline, _ = ctx.Deadline()
	ctx, cancel := context.WithTimeout(ctx, time.Until(c.deadline)*9/10)
	defer cancel()
	if failure := c.prepare(); failure != nil {
		return Result{}, failure
	}
	if failure := c.greet(ctx); failure != nil {
		return Result{}, failure
	}
	if err := c.child.send(request, c.deadline); err != nil {
		return Result{}, c.drop(c.child.verdict(c.remaining()))
	}
	snapshot, failure := await[gpu.Snapshot](ctx, c, kindSnapshot)
	if failure != nil {
		return Result{}, c.drop(failure)
	}
	c.failures, c.last = 0, nil
	return Result{Snapshot: snapshot, Driver: c.child.driver}, nil
}

// Renew ends the helper, so that the next collection loads the driver's library anew.
func (c *Client) Renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.letGo()
}

// Release ends the helper and starts none for a while, so that devices are closed.
func (c *Client) Release(wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.letGo()
	c.releasedUntil = time.Now().Add(wait)
}

// Hung reports how many helper processes are stuck in the driver and could not be killed.
func (c *Client) Hung() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgetGone()
	return len(c.stuck)
}

// Close ends the helper. Collect must not be called after it.
func (c *Client) Close() {
	close(c.stop)
	c.watcher.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.letGo()
}

// prepare sees to it that a helper process runs, if there may be one.
func (c *Client) prepare() *CollectError {
	now := time.Now()
	switch {
	case !nvml.Available:
		return &CollectError{Reason: ReasonUnsupportedBuild}
	case c.closed:
		return &CollectError{Reason: ReasonReleased, Detail: "the receiver is stopped"}
	case c.releaseFileExists():
		c.letGo()
		return &CollectError{Reason: ReasonReleased, Detail: "by " + c.options.ReleaseFile}
	case now.Before(c.releasedUntil):
		return &CollectError{Reason: ReasonReleased, Detail: "by signal, until " + c.releasedUntil.Format(time.RFC3339)}
	}
	if c.child != nil {
		select {
		case <-c.child.exited:
			if failure := c.drop(c.endedBetween()); failure.Reason != ReasonCrash {
				return failure
			}
		default:
			return nil
		}
	}
	if !c.options.Present() {
		c.failures, c.last = 0, nil
		return &CollectError{Reason: ReasonNoDevice}
	}
	if c.last != nil && time.Now().Before(c.notBefore) {
		repeated := *c.last
		repeated.Repeated = true
		return &repeated
	}
	c.forgetGone()
	if len(c.stuck) >= maxStuck {
		return &CollectError{Reason: ReasonHung}
	}
	child, err := newChild(c.executable, c.options.LibraryPath, c.options.Events)
	if err != nil {
		return c.fail(&CollectError{Reason: ReasonStartFailed, Detail: err.Error()})
	}
	c.child = child
	return nil
}

// endedBetween says why the helper ended while nobody waited for it, by its last message if there is one.
func (c *Client) endedBetween() *CollectError {
	select {
	case f := <-c.child.frames:
		if f.err == nil && f.kind == kindFailed {
			if content, err := decode[failed](f.payload); err == nil {
				return failureOf(content)
			}
		}
	default:
	}
	return c.child.verdict(c.remaining())
}

// greet waits until the helper has loaded the library. A start that takes longer than a collection goes on.
func (c *Client) greet(ctx context.Context) *CollectError {
	if c.child.ready {
		return nil
	}
	greeting, failure := await[hello](ctx, c, kindHello)
	if failure == nil {
		c.child.ready, c.child.driver = true, greeting.Driver
		return nil
	}
	if failure.Reason == ReasonDriverError && failure.Code == gpu.CodeUnknown && c.options.Denied != nil && c.options.Denied() {
		failure.Reason = ReasonNoPermission
	}
	if failure.Reason == ReasonDeadline && time.Since(c.child.started) < c.options.StartTimeout {
		return &CollectError{Reason: ReasonStarting}
	}
	return c.drop(failure)
}

// await waits for the one message that is due.
func await[T any](ctx context.Context, c *Client, due kind) (content T, failure *CollectError) {
	var f frame
	select {
	case f = <-c.child.frames:
	case <-ctx.Done():
		return content, &CollectError{Reason: ReasonDeadline}
	}
	if f.err == nil {
		switch f.kind {
		case due:
			content, f.err = decode[T](f.payload)
		case kindFailed:
			var why failed
			if why, f.err = decode[failed](f.payload); f.err == nil {
				return content, failureOf(why)
			}
		default:
			f.err = errFrame
		}
		if f.err == nil {
			return content, nil
		}
		return content, &CollectError{Reason: ReasonProtocol, Detail: f.err.Error()}
	}
	if isEnd(f.err) {
		return content, c.child.verdict(c.remaining())
	}
	return content, &CollectError{Reason: ReasonProtocol, Detail: f.err.Error()}
}

// isEnd reports whether an error is the end of the pipe, which comes with the end of the process.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// remaining returns how long the collection under way may wait for the end of a process.
func (c *Client) remaining() time.Duration {
	return min(time.Until(c.deadline), killTimeout)
}

// drop gives the helper up and notes why. The next one may start at once if this one ever answered.
func (c *Client) drop(failure *CollectError) *CollectError {
	if !c.child.end(0, c.remaining()) {
		c.stuck = append(c.stuck, c.child)
	}
	c.child = nil
	if c.options.Ended != nil {
		c.options.Ended(failure.Reason)
	}
	if failure.Reason == ReasonReleased {
		c.releasedUntil = time.Now().Add(c.options.ReleaseTime)
		return failure
	}
	return c.fail(failure)
}

// fail notes a failure and when to try again.
func (c *Client) fail(failure *CollectError) *CollectError {
	c.last = failure
	c.notBefore = time.Now()
	if c.failures > 0 {
		delay := c.options.RestartDelay
		for i := 1; i < c.failures && delay < c.options.MaxRestartDelay; i++ {
			delay *= 2
		}
		c.notBefore = c.notBefore.Add(min(delay, c.options.MaxRestartDelay))
	}
	c.failures++
	return failure
}

// letGo ends the helper because it is not wanted.
func (c *Client) letGo() {
	if c.child == nil {
		return
	}
	if !c.child.end(politeness, killTimeout) {
		c.stuck = append(c.stuck, c.child)
	}
	c.child = nil
	c.failures, c.last = 0, nil
}

func (c *Client) forgetGone() {
	kept := c.stuck[:0]
	for _, child := range c.stuck {
		select {
		case <-child.exited:
		default:
			kept = append(kept, child)
		}
	}
	c.stuck = kept
}

func (c *Client) releaseFileExists() bool {
	if c.options.ReleaseFile == "" {
		return false
	}
	_, err := os.Stat(c.options.ReleaseFile)
	return err == nil
}

// watchReleaseFile lets go soon after the file appears, not only at the next collection.
func (c *Client) watchReleaseFile() {
	ticker := time.NewTicker(releasePoll)
	defer ticker.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
		}
		if c.releaseFileExists() {
			c.mu.Lock()
			c.letGo()
			c.mu.Unlock()
		}
	}
}
