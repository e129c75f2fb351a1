// SPDX-License-Identifier: Apache-2.0

// The kinds of panels. What is drawn here by hand (heatmaps, timelines) has no published component.
import { formattedValueToString, getFieldDisplayName, getValueFormat, reduceField } from '@grafana/data';
import { BarGauge, BigValue, TimeSeries, VizLegend } from '@grafana/ui';
import { theme } from './theme.js';

// valueOf is the number that a stat or a bar shows of a series.
function valueOf(frame, frames, options, noValue) {
  const field = frame.fields[1];
  const calc = options.reduceOptions?.calcs?.[0] ?? 'lastNotNull';
  const number = reduceField({ field, reducers: [calc] })[calc];
  const shown = field.display(number);
  if (number === null || number === undefined) {
    shown.text = noValue;
  }
  shown.title = frames.length > 1 ? getFieldDisplayName(field, frame, frames) : undefined;
  return shown;
}

function Stat({ panel, frames, width, height }) {
  const o = panel.options;
  return (
    <div style={{ display: 'flex', height }}>
      {frames.map((f, i) => (
        <BigValue key={i} width={width / frames.length} height={height} theme={theme} value={valueOf(f, frames, o, panel.fieldConfig.defaults.noValue)}
          text={o.text} colorMode={o.colorMode} graphMode={o.graphMode} justifyMode={o.justifyMode} textMode={o.textMode}
          sparkline={o.graphMode === 'none' ? undefined : { y: f.fields[1], x: f.fields[0] }} />
      ))}
    </div>
  );
}

function Bars({ panel, frames, width, height }) {
  const o = panel.options;
  const values = frames.map((f) => ({ f, value: valueOf(f, [f, f], o), number: f.fields[1].values.at(-1) }));
  values.sort((a, b) => b.number - a.number);
  const max = panel.fieldConfig.defaults.max ?? Math.max(...values.map((v) => v.number)) ;
  return values.map(({ f, value }, i) => (
    <BarGauge key={i} width={width} height={Math.min(height / values.length, 48)} value={value} theme={theme}
      field={{ ...f.fields[1].config, min: 0, max }} display={f.fields[1].display} orientation="horizontal" displayMode={o.displayMode}
      valueDisplayMode={o.valueMode} />
  ));
}

function Lines({ panel, frames, range, width, height }) {
  return (
    <TimeSeries frames={frames} structureRev={1} timeRange={range} timeZone="utc" width={width} height={height} legend={panel.options.legend}
      options={panel.options} theme={theme} />
  );
}

const PLOT = { left: 64, bottom: 20 };

function clock(ms) {
  return new Date(ms).toISOString().slice(11, 16);
}

// Axis writes the time below a plot that is drawn by hand.
function Axis({ range, width, height }) {
  const from = range.from.valueOf();
  const to = range.to.valueOf();
  const ticks = [0.03, 0.25, 0.5, 0.75, 0.96];
  return ticks.map((at) => (
    <text key={at} x={PLOT.left + (width - PLOT.left) * at} y={height - 5} fill={theme.colors.text.secondary} fontSize="12" textAnchor="middle">
      {clock(from + (to - from) * at)}
    </text>
  ));
}

// Heat draws cumulative buckets as the requests of each bucket: one column for each moment.
function Heat({ panel, frames, range, width, height }) {
  const rows = frames
    .map((f) => ({ le: Number(f.fields[1].labels.le.replace('+Inf', 'Infinity')), values: f.fields[1].values }))
    .sort((a, b) => a.le - b.le);
  const cells = rows.map((row, i) => row.values.map((v, t) => (v === null ? null : Math.max(0, v - (i > 0 ? (rows[i - 1].values[t] ?? 0) : 0)))));
  const most = Math.max(1e-9, ...cells.flat().filter((v) => v !== null));
  const used = cells.map((row) => row.some((v) => v > most / 1000));
  const first = Math.max(0, used.indexOf(true) - 1);
  const last = Math.min(rows.length - 1, used.lastIndexOf(true) + 1);
  const shown = rows.slice(first, last + 1);
  const w = (width - PLOT.left) / cells[0].length;
  const h = (height - PLOT.bottom) / shown.length;
  const colour = (v) => `hsl(${250 - 240 * Math.sqrt(v / most)}, 75%, ${28 + 27 * Math.sqrt(v / most)}%)`;
  const unit = getValueFormat(panel.options.yAxis.unit);
  const text = (le) => (Number.isFinite(le) ? formattedValueToString(unit(le)) : 'more');
  return (
    <svg width={width} height={height}>
      {shown.map((row, i) => {
        const y = (shown.length - 1 - i) * h;
        return (
          <g key={row.le}>
            {(shown.length < 12 || i % 2 === 0) && (
              <text x={PLOT.left - 6} y={y + h / 2 + 4} fill={theme.colors.text.secondary} fontSize="12" textAnchor="end">{text(row.le)}</text>
            )}
            {cells[first + i].map((v, t) => v > most / 1000 && (
              <rect key={t} x={PLOT.left + t * w} y={y} width={Math.max(0.5, w - 0.5)} height={Math.max(1, h - 1)} fill={colour(v)} />
            ))}
          </g>
        );
      })}
      <Axis range={range} width={width} height={height} />
    </svg>
  );
}

// Timeline draws the state of each series over time.
function Timeline({ panel, frames, range, width, height }) {
  const names = frames.map((f) => getFieldDisplayName(f.fields[1], f, frames));
  const left = Math.min(width / 2, 16 + 7 * Math.max(...names.map((n) => n.length)));
  const legend = 24;
  const states = panel.fieldConfig.defaults.mappings.find((m) => m.type === 'value')?.options ?? {};
  const h = (height - PLOT.bottom - legend) / frames.length;
  const items = Object.values(states).map((s) => ({ label: s.text, color: theme.visualization.getColorByName(s.color), yAxis: 1 }));
  return (
    <div>
      <svg width={width} height={height - legend}>
        {frames.map((f, i) => {
          const values = f.fields[1].values;
          const w = (width - left) / values.length;
          return (
            <g key={i}>
              <text x={left - 8} y={(i + 0.5) * h + 4} fill={theme.colors.text.primary} fontSize="12" textAnchor="end">
                {names[i]}
              </text>
              {values.map((v, t) => {
                const state = states[String(v)];
                return v !== null && state && (
                  <rect key={t} x={left + t * w} y={i * h + 2} width={w + 0.5} height={Math.max(2, h - 4)} fill={theme.visualization.getColorByName(state.color)} />
                );
              })}
            </g>
          );
        })}
        <g transform={`translate(${left - PLOT.left},0)`}><Axis range={range} width={width - left + PLOT.left} height={height - legend} /></g>
      </svg>
      <VizLegend items={items} placement="bottom" displayMode="list" />
    </div>
  );
}

// Rows is a table. Grafana's own component does not survive being bundled.
function Rows({ frames, width }) {
  const { fields, length } = frames[0];
  const cell = { borderBottom: `1px solid ${theme.colors.border.weak}`, padding: '6px 8px', whiteSpace: 'nowrap' };
  const align = (field) => ({ textAlign: field.type === 'number' ? 'right' : 'left' });
  const shown = (field, i) => {
    const value = field.values[i];
    if (field.type !== 'number') {
      return <td key={field.name} style={{ ...cell, color: field.config.links?.length ? theme.colors.text.link : undefined }}>{value}</td>;
    }
    const display = field.display(value ?? null);
    const coloured = field.config.custom?.cellOptions?.type === 'color-text';
    return <td key={field.name} style={{ ...cell, ...align(field), color: coloured ? display.color : undefined }}>{formattedValueToString(display)}</td>;
  };
  return (
    <table style={{ width, fontSize: 13 }}>
      <thead><tr>{fields.map((f) => <th key={f.name} style={{ ...cell, ...align(f), fontWeight: 500 }}>{f.config.displayName ?? f.name}</th>)}</tr></thead>
      <tbody>{Array.from({ length }, (_, i) => <tr key={i}>{fields.map((f) => shown(f, i))}</tr>)}</tbody>
    </table>
  );
}

const kinds = { timeseries: Lines, stat: Stat, bargauge: Bars, heatmap: Heat, 'state-timeline': Timeline, table: Rows };

// Body is a panel's inside.
export function Body(props) {
  const Kind = kinds[props.panel.type];
  if (!Kind) {
    throw new Error(`cannot draw ${props.panel.type}`);
  }
  return <Kind {...props} />;
}
