// SPDX-License-Identifier: Apache-2.0

// Draws dashboard.json with what the Prometheus behind prometheus/ answers, then posts to report what became of each panel.
// Parameters of the page: from and to in Unix seconds, and rate, what $__rate_interval is.
import { dateTime, ThemeContext } from '@grafana/data';
import { GlobalStyles, PanelChrome } from '@grafana/ui';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { framesOf, hasData, variablesOf } from './data.js';
import { Body } from './panels.jsx';
import { CELL, HEAD, MARGIN, theme } from './theme.js';

// Guard keeps a panel that cannot be drawn from taking the others with it.
class Guard extends React.Component {
  state = {};

  static getDerivedStateFromError(error) {
    return { error };
  }

  componentDidCatch(error) {
    this.props.onError(String(error.stack ?? error));
  }

  render() {
    return this.state.error ? <Message colour="red">{String(this.state.error)}</Message> : this.props.children;
  }
}

function Message({ colour, children }) {
  return <div style={{ textAlign: 'center', paddingTop: 16, color: colour ?? theme.colors.text.secondary }}>{children}</div>;
}

function Inside({ drawn, range, width, height }) {
  const { panel, frames, error } = drawn;
  if (error) {
    return <Message colour="red">{error}</Message>;
  }
  if (!hasData(frames)) {
    return <Message>{panel.fieldConfig.defaults.noValue}</Message>;
  }
  return (
    <Guard onError={(text) => { drawn.error = text; }}>
      <Body panel={panel} frames={frames} range={range} width={width} height={height} />
    </Guard>
  );
}

function Head({ dashboard }) {
  const pill = { border: `1px solid ${theme.colors.border.medium}`, borderRadius: 2, display: 'flex', height: 30, lineHeight: '28px' };
  return (
    <div style={{ position: 'absolute', left: 0, right: 0, padding: '10px 4px' }}>
      <div style={{ fontSize: 18, marginBottom: 10 }}>{dashboard.title}</div>
      <div style={{ display: 'flex', gap: 8 }}>
        {dashboard.templating.list.map((v) => (
          <div key={v.name} style={pill}>
            <span style={{ padding: '0 8px', background: theme.colors.background.secondary }}>{v.label}</span>
            <span style={{ padding: '0 10px' }}>{v.type === 'datasource' ? 'Prometheus' : (v.current?.text ?? '')}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function Panel({ drawn, range, column }) {
  const { panel } = drawn;
  const { x, y, w, h } = panel.gridPos;
  const place = { position: 'absolute', left: x * column, top: HEAD + y * CELL };
  if (panel.type === 'row') {
    return <div style={{ ...place, paddingTop: 6, fontSize: 16 }}>{panel.collapsed ? '›' : '⌄'} {panel.title}</div>;
  }
  return (
    <div style={place}>
      <PanelChrome title={panel.title} description={panel.description} width={w * column - MARGIN} height={h * CELL - MARGIN}>
        {(width, height) => <Inside drawn={drawn} range={range} width={width} height={height} />}
      </PanelChrome>
    </div>
  );
}

function Page({ dashboard, panels, range }) {
  const column = (window.innerWidth - MARGIN) / 24;
  return (
    <div style={{ position: 'relative', margin: `0 ${MARGIN / 2}px` }}>
      <Head dashboard={dashboard} />
      {panels.map((drawn) => <Panel key={drawn.panel.id} drawn={drawn} range={range} column={column} />)}
    </div>
  );
}

async function draw() {
  const parameters = new URLSearchParams(location.search);
  const from = dateTime(Number(parameters.get('from')) * 1000);
  const to = dateTime(Number(parameters.get('to')) * 1000);
  const step = Math.max(1, Math.round((to.unix() - from.unix()) / 180));
  const range = { from, to, raw: { from, to }, step, rate: parameters.get('rate') };
  const dashboard = await (await fetch('dashboard.json')).json();
  const variables = variablesOf(dashboard);
  const panels = await Promise.all(dashboard.panels.map(async (panel) => ({
    panel, ...(panel.type === 'row' ? { frames: [] } : await framesOf(panel, variables, range)),
  })));
  Object.assign(document.body.style, {
    margin: 0, background: theme.colors.background.canvas, color: theme.colors.text.primary, fontFamily: 'Inter, Helvetica, Arial, sans-serif', fontSize: '14px',
  });
  createRoot(document.getElementById('root')).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Page dashboard={dashboard} panels={panels} range={range} />
    </ThemeContext.Provider>,
  );
  await new Promise((done) => { setTimeout(done, 1500); });
  return panels.filter((d) => d.panel.type !== 'row').map(({ panel, frames, error }) => ({
    title: panel.title, error: error ?? '', empty: !hasData(frames),
  }));
}

draw()
  .catch((error) => [{ title: '', error: String(error.stack ?? error), empty: true }])
  .then((panels) => fetch('report', { method: 'POST', body: JSON.stringify(panels) }));
