// SPDX-License-Identifier: Apache-2.0

// Bench measures llm_span_metrics beside the span_metrics connector, a bare scan of the spans' attributes and an OTLP decode. All
// take the same spans in one run, and it prints a table.
//
// Machines differ and are shared, so what counts are ratios. The contestants take turns in short blocks, each round gives one
// ratio, and the table shows the median of them. Costs are CPU time of the whole process. So the work of the garbage collector
// counts for whoever makes the garbage.
package main
