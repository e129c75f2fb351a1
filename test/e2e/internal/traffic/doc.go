// SPDX-License-Identifier: Apache-2.0

// Package traffic simulates services that call language models. It makes the spans that their instrumentations, gateway and
// engines export, and the engines' own pages. It also makes what the engines' GPUs do meanwhile.
//
// Nothing here has a clock, a goroutine or a connection. A World is stepped with the time, and answers what has ended by then.
// With the same seed and the same steps it does the same.
package traffic
