// SPDX-License-Identifier: Apache-2.0

// Asks Prometheus what a panel's queries yield, and makes the data frames that Grafana's components draw.
import {
  applyFieldOverrides, createDataFrame, FieldConfigOptionsRegistry, FieldType, identityOverrideProcessor, numberOverrideProcessor,
  standardTransformers, standardTransformersRegistry, stringOverrideProcessor, thresholdsOverrideProcessor, transformDataFrame,
  unitOverrideProcessor, valueMappingsOverrideProcessor, displayNameOverrideProcessor, dataLinksOverrideProcessor,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { theme } from './theme.js';

const transformers = new Map(Object.values(standardTransformers).map((t) => [t.id, { id: t.id, name: t.name, transformation: async () => t }]));
standardTransformersRegistry.setInit(() => [...transformers.values()]);

// Grafana registers these options in code that is not published.
const registry = new FieldConfigOptionsRegistry();
const option = (id, process, path = id) => ({
  id, path, name: id, process, override: () => null, editor: () => null, settings: {}, shouldApply: () => true, getItemsCount: () => 0,
});
for (const [id, process] of [
  ['unit', unitOverrideProcessor], ['min', numberOverrideProcessor], ['max', numberOverrideProcessor],
  ['decimals', numberOverrideProcessor], ['thresholds', thresholdsOverrideProcessor], ['mappings', valueMappingsOverrideProcessor],
  ['displayName', displayNameOverrideProcessor], ['noValue', stringOverrideProcessor], ['color', identityOverrideProcessor],
  ['links', dataLinksOverrideProcessor],
]) {
  registry.register(option(id, process));
}
for (const id of [
  'lineWidth', 'fillOpacity', 'drawStyle', 'lineInterpolation', 'showPoints', 'stacking', 'axisPlacement', 'axisLabel', 'spanNulls',
  'gradientMode', 'thresholdsStyle', 'hideFrom', 'scaleDistribution', 'pointSize', 'barAlignment', 'axisColorMode', 'cellOptions', 'width',
  'align', 'axisSoftMax', 'axisSoftMin',
]) {
  registry.register({ ...option('custom.' + id, identityOverrideProcessor, id), isCustom: true });
}

// variablesOf are the dashboard's variables as they are when it is opened; those of several values select all.
export function variablesOf(dashboard) {
  const values = {};
  for (const v of dashboard.templating?.list ?? []) {
    const value = v.current?.value ?? '';
    values[v.name] = value === '$__all' || value === '' ? (v.allValue ?? '.*') : value;
  }
  return values;
}

// interpolate fills variables in, the longest names first: $model must not become a part of $models.
export function interpolate(text, variables, range) {
  const seconds = Math.round((range.to.valueOf() - range.from.valueOf()) / 1000);
  const all = { ...variables, __rate_interval: range.rate, __interval: range.step + 's', __range: seconds + 's', __range_s: String(seconds) };
  for (const name of Object.keys(all).sort((a, b) => b.length - a.length)) {
    text = text.replaceAll(new RegExp(`\\$\\{${name}(:\\w+)?\\}|\\$${name}\\b`, 'g'), () => all[name]);
  }
  return text;
}

async function ask(path, parameters) {
  const answer = await (await fetch('prometheus/api/v1/' + path + '?' + new URLSearchParams(parameters))).json();
  if (answer.status !== 'success') {
    throw new Error(answer.error);
  }
  return answer.data.result;
}

// number is a value of Prometheus; NaN is no value.
const number = (text) => (text === 'NaN' ? null : Number(text));

function legendOf(target, labels) {
  if (target.legendFormat && target.legendFormat !== '__auto') {
    return target.legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => labels[label] ?? '');
  }
  return Object.entries(labels).map(([k, v]) => `${k}="${v}"`).join(', ') || target.expr;
}

// tableOf is one frame with a column for each label and one for the values.
function tableOf(target, result, alone) {
  const labels = [...new Set(result.flatMap((s) => Object.keys(s.metric)))].filter((l) => l !== '__name__');
  return createDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: result.map((s) => s.value[0] * 1000) },
      ...labels.map((l) => ({ name: l, type: FieldType.string, values: result.map((s) => s.metric[l] ?? '') })),
      { name: alone ? 'Value' : `Value #${target.refId}`, type: FieldType.number, values: result.map((s) => number(s.value[1])) },
    ],
  });
}

function seriesOf(target, { __name__, ...labels }, values, step) {
  return createDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map((v) => v[0] * 1000), config: { interval: step * 1000 } },
      { name: 'Value', type: FieldType.number, labels, values: values.map((v) => number(v[1])), config: { displayNameFromDS: legendOf(target, labels) } },
    ],
  });
}

// regular puts values on every step of the range, so that a gap is a gap and not a straight line.
function regular(values, range) {
  const known = new Map(values.map((v) => [Math.round(v[0]), v[1]]));
  const start = Math.ceil(range.from.unix() / range.step) * range.step;
  const all = [];
  for (let t = start; t <= range.to.unix(); t += range.step) {
    all.push([t, known.get(t) ?? 'NaN']);
  }
  return all;
}

// framesOf are the frames of a panel, ready to be drawn; the error is what Prometheus says.
export async function framesOf(panel, variables, range) {
  let frames = [];
  try {
    for (const target of panel.targets ?? []) {
      const query = interpolate(target.expr, variables, range);
      if (target.instant) {
        const result = await ask('query', { query, time: range.to.unix() });
        if (target.format === 'table') {
          frames.push(tableOf(target, result, panel.targets.length === 1));
        } else {
          frames.push(...result.map((s) => seriesOf(target, s.metric, [s.value], range.step)));
        }
      } else {
        const start = Math.ceil(range.from.unix() / range.step) * range.step;
        const result = await ask('query_range', { query, start, end: range.to.unix(), step: range.step });
        frames.push(...result.map((s) => seriesOf(target, s.metric, regular(s.values, range), range.step)));
      }
    }
    if (panel.transformations) {
      frames = await lastValueFrom(transformDataFrame(panel.transformations, frames, { interpolate: (s) => s }));
    }
  } catch (error) {
    return { frames: [], error: String(error) };
  }
  frames = applyFieldOverrides({
    data: frames, fieldConfig: panel.fieldConfig, fieldConfigRegistry: registry, theme, timeZone: 'utc', replaceVariables: (s) => s,
  });
  return { frames };
}

// hasData reports whether there is a number to be seen.
export function hasData(frames) {
  return frames.some((f) => f.fields.some((field) => field.type === FieldType.number && field.values.some((v) => v !== null && v !== undefined)));
}
