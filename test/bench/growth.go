// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"image/color"
	"io"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// growingSenders are the numbers of senders at once of the curves.
var growingSenders = []int{1, 2, 4, 8}

// curve is how a cost grows, of one contestant.
type curve struct {
	name   string
	points plotter.XYs
}

// panel is a diagram of curves, which also are a table.
type panel struct {
	title, x, y string
	logarithmic bool
	curves      []curve
}

// measureGrowth measures how costs grow with dimension sets and with senders, and draws them.
func measureGrowth(e effort) (report, error) {
	contestants := []struct {
		name  string
		start func(never bool, more ...yaml) *contestant
	}{
		{ours, func(idle bool, more ...yaml) *contestant {
			if idle {
				return newOurs(never, append([]yaml{unlimited}, more...)...)
			}
			return newOurs(e.interval, unlimited)
		}},
		{spanMetrics, func(idle bool, _ ...yaml) *contestant {
			if idle {
				return newSpanMetrics(never)
			}
			return newSpanMetrics(e.interval)
		}},
	}
	cpu := panel{title: "CPU of a span", x: "dimension sets", y: "ns", logarithmic: true, curves: make([]curve, len(contestants))}
	memory := panel{title: "Memory of a set", x: "dimension sets", y: "bytes", logarithmic: true, curves: make([]curve, len(contestants))}
	delivery := panel{title: "CPU of a delivery", x: "dimension sets", y: "ms", logarithmic: true, curves: make([]curve, len(contestants))}
	wait := panel{title: "Longest wait of a sender during a delivery", x: "dimension sets", y: "ms", logarithmic: true, curves: make([]curve, len(contestants))}
	senders := panel{title: "Time of a span", x: "senders at once", y: "ns", curves: make([]curve, len(contestants))}
	work := panel{title: "CPU of a span", x: "senders at once", y: "ns", curves: make([]curve, len(contestants))}
	for i, c := range contestants {
		for _, p := range []*panel{&cpu, &memory, &delivery, &wait, &senders, &work} {
			p.curves[i].name = c.name
		}
	}
	for _, sets := range e.growing {
		blocks := make([]block, len(contestants))
		for i, c := range contestants {
			running := c.start(true)
			defer running.stop() // few, and they are needed until the end
			blocks[i] = block{c.name, e.blockSpans / 2, running.consume}
		}
		costs := takeTurns(newInput(sets, false), max(e.rounds/2, 1), blocks, len(blocks))
		for i, c := range contestants {
			cpu.curves[i].add(sets, costs.cost(c.name))
			memory.curves[i].add(sets, perSet(c.start(true, withoutExemplars, atOnce), sets))
			collected := collect(c.start(false), sets, 1, e.interval)
			delivery.curves[i].add(sets, float64(collected.cpu.Microseconds())/1000)
			wait.curves[i].add(sets, float64(collected.wait.Microseconds())/1000)
		}
	}
	costs := manySenders(growingSenders, max(e.rounds/2, 1), e.blockSpans/4)
	for i, c := range contestants {
		for _, n := range growingSenders {
			senders.curves[i].add(n, costs.cost(sendersKey(c.name, n, "wall")))
			work.curves[i].add(n, costs.cost(sendersKey(c.name, n, "cpu")))
		}
	}
	panels := []panel{cpu, memory, delivery, wait, senders, work}
	most := fmt.Sprintf("%d sets: ", e.growing[len(e.growing)-1])
	r := report{targets: []target{
		{what: most + "CPU of a span less than `span_metrics`", unit: " times", least: true, gate: 1, goal: 1.5, measured: cpu.last(1) / cpu.last(0)},
		{what: most + "memory of a set", unit: " bytes", gate: 1024, goal: 700, measured: memory.last(0)},
		{what: most + "longest wait of a sender during a delivery", unit: " ms", gate: 50, goal: 10, measured: wait.last(0)},
	}}
	for _, p := range panels {
		r.tables = append(r.tables, *p.table())
	}
	if e.picture == "" {
		return r, nil
	}
	return r, drawPanels(panels, e.picture)
}

// last returns where a curve ends.
func (p panel) last(contestant int) float64 {
	points := p.curves[contestant].points
	return points[len(points)-1].Y
}

func (c *curve) add(x int, y float64) { c.points = append(c.points, plotter.XY{X: float64(x), Y: y}) }

func (p panel) table() *table {
	head := []string{p.title + " in " + p.y + ", by " + p.x}
	for _, at := range p.curves[0].points {
		head = append(head, fmt.Sprintf("%.0f", at.X))
	}
	t := newTable(head...)
	for _, c := range p.curves {
		cells := []string{c.name}
		for _, at := range c.points {
			cells = append(cells, fmt.Sprintf("%.0f", at.Y))
		}
		t.row(cells...)
	}
	return t
}

// colors are those of the curves; they differ in brightness, too.
var colors = []color.Color{color.RGBA{R: 0x00, G: 0x72, B: 0xb2, A: 0xff}, color.RGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}}

// drawPanels draws diagrams side by side, two in a row, into path.svg and path.png.
func drawPanels(panels []panel, path string) error {
	const columns, width, height = 2, 9 * vg.Inch, 9.5 * vg.Inch
	rows := (len(panels) + columns - 1) / columns
	grid := make([][]*plot.Plot, rows)
	for i := range grid {
		grid[i] = make([]*plot.Plot, columns)
	}
	for i, p := range panels {
		drawn, err := p.plot()
		if err != nil {
			return err
		}
		grid[i/columns][i%columns] = drawn
	}
	tiles := draw.Tiles{Rows: rows, Cols: columns, PadX: vg.Points(18), PadY: vg.Points(18), PadTop: vg.Points(8), PadBottom: vg.Points(8), PadLeft: vg.Points(8), PadRight: vg.Points(12)}
	svg, png := vgsvg.New(width, height), vgimg.New(width, height)
	for _, canvas := range []vg.CanvasSizer{svg, png} {
		on := draw.New(canvas)
		on.SetColor(color.White)
		on.Fill(on.Path())
		for i, row := range plot.Align(grid, tiles, on) {
			for j := range row {
				if grid[i][j] != nil {
					grid[i][j].Draw(row[j])
				}
			}
		}
	}
	if err := write(path+".svg", svg); err != nil {
		return err
	}
	return write(path+".png", vgimg.PngCanvas{Canvas: png})
}

func (p panel) plot() (*plot.Plot, error) {
	plot.DefaultFont.Variant, plotter.DefaultFont.Variant = "Sans", "Sans"
	drawn := plot.New()
	drawn.Title.Text, drawn.X.Label.Text, drawn.Y.Label.Text = p.title, p.x, p.y
	drawn.Y.Min = 0
	drawn.Legend.Top, drawn.Legend.Left = true, true
	drawn.Add(plotter.NewGrid())
	ticks := make(plot.ConstantTicks, 0, len(p.curves[0].points))
	for _, at := range p.curves[0].points {
		ticks = append(ticks, plot.Tick{Value: at.X, Label: fmt.Sprintf("%.0f", at.X)})
	}
	drawn.X.Tick.Marker = ticks
	highest := 0.0
	for i, c := range p.curves {
		line, points, err := plotter.NewLinePoints(c.points)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width, points.Color, points.Shape = colors[i], vg.Points(2), colors[i], draw.CircleGlyph{}
		drawn.Add(line, points)
		drawn.Legend.Add(c.name, line, points)
		for _, at := range c.points {
			highest = max(highest, at.Y)
		}
	}
	drawn.Y.Max = 1.35 * highest // room for the legend
	if p.logarithmic {
		drawn.X.Scale = plot.LogScale{}
	}
	return drawn, nil
}

func write(path string, content io.WriterTo) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = content.WriteTo(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}
