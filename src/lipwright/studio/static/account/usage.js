/** What was used day by day, as a plot and as a table. */

import { html, useId, useLayoutEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { count, date, duration } from '../ui/format.js';
import { Select } from '../ui/field.js';
import { ErrorState, Loading } from '../ui/states.js';
import { rowsOf, useLoaded } from './load.js';

const SPANS_DAYS = [7, 30, 90];
const HEIGHT_PX = 180;
const LEFT_PX = 44;
const FOOT_PX = 22;
const HEAD_PX = 8;

export function Usage() {
  const [days, setDays] = useState(30);
  const { value, error, again } = useLoaded(`/v1/account/usage?days=${days}`);
  const rows = value && everyDay(rowsOf(value), days);
  return html`<section class="card usage" aria-labelledby="usage-title">
    <div class="row-apart"><h2 id="usage-title">${t('account.usage')}</h2>
      <${Select} label=${t('account.usage')} hideLabel value=${String(days)} onInput=${(chosen) => setDays(Number(chosen))}
        options=${SPANS_DAYS.map((one) => ({ value: String(one), label: t('account.usageDays', { days: one }) }))} /></div>
    ${error ? html`<${ErrorState} error=${error} retry=${again} />` : !rows ? html`<${Loading} />` : html`<${Plot} rows=${rows} />`}
  </section>`;
}

function Plot({ rows }) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const credits = sum('credits');
  const words = { projects: count(sum('projects')), seconds: duration(sum('seconds')), credits: count(credits) };
  return html`
    <p class="muted">${sum('projects') ? t('account.usageSum', words) : t('account.usageNone')}</p>
    <${Bars} rows=${rows} label=${t('account.usagePlotLabel', { days: rows.length, credits: count(credits) })} />
    <details class="more"><summary>${t('account.usageTable')}</summary>
      <div class="table-frame usage-table" tabindex="0" role="region" aria-label=${t('account.usage')}><table class="table">
        <thead><tr><th scope="col">${t('account.usageDate')}</th><th scope="col" class="number">${t('account.usageProjects')}</th>
          <th scope="col" class="number">${t('account.usageSeconds')}</th><th scope="col" class="number">${t('account.usageCredits')}</th></tr></thead>
        <tbody>${[...rows].reverse().map((row) => html`<tr key=${row.date}><th scope="row">${date(`${row.date}T12:00`)}</th>
          <td class="number">${count(row.projects)}</td><td class="number">${duration(row.seconds)}</td><td class="number">${count(row.credits)}</td></tr>`)}</tbody>
      </table></div></details>`;
}

/** A bar for each day. Drawn in pixels of the page: words keep their size on a phone. */
function Bars({ rows, label }) {
  const frame = useRef(null);
  const title = useId();
  const [width, setWidth] = useState(640);
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(240, entry.contentRect.width)));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const top = niceTop(Math.max(...rows.map((row) => row.credits)));
  const inner = { width: width - LEFT_PX, height: HEIGHT_PX - FOOT_PX - HEAD_PX };
  const step = inner.width / rows.length;
  const y = (credits) => HEAD_PX + inner.height * (1 - credits / top);
  const marked = [0, Math.floor((rows.length - 1) / 2), rows.length - 1];
  const shown = pointed === null ? null : rows[pointed];
  return html`<div class="plot" ref=${frame} onMouseLeave=${() => setPointed(null)}>
    <svg width=${width} height=${HEIGHT_PX} role="img" aria-labelledby=${title}>
      <title id=${title}>${label}</title>
      ${[0, top / 2, top].map((value) => html`<g key=${value} aria-hidden="true">
        <line class="plot-line" x1=${LEFT_PX} x2=${width} y1=${y(value)} y2=${y(value)} />
        <text class="plot-word" x=${LEFT_PX - 8} y=${y(value) + 4} text-anchor="end">${short(value)}</text></g>`)}
      ${rows.map((row, index) => html`<g key=${row.date} onMouseEnter=${() => setPointed(index)} aria-hidden="true">
        <rect class="plot-room" x=${LEFT_PX + index * step} y=${HEAD_PX} width=${step} height=${inner.height} />
        ${row.credits > 0 && html`<rect class="plot-bar" x=${LEFT_PX + index * step + step * 0.15} width=${step * 0.7} rx=${Math.min(3, step * 0.2)}
          y=${Math.min(y(row.credits), y(0) - 2)} height=${Math.max(2, y(0) - y(row.credits))} />`}</g>`)}
      ${marked.map((index, place) => html`<text key=${place} class="plot-word" aria-hidden="true" y=${HEIGHT_PX - 4}
        x=${LEFT_PX + (place === 0 ? 0 : place === 2 ? inner.width : (index + 0.5) * step)}
        text-anchor=${['start', 'middle', 'end'][place]}>${dayWord(rows[index].date)}</text>`)}
    </svg>
    ${shown && html`<p class="plot-tip small tabular" style=${{ left: `${Math.min(Math.max(LEFT_PX + (pointed + 0.5) * step, 80), width - 80)}px` }}>
      <strong>${dayWord(shown.date)}</strong> ${t('account.usageSum', { projects: shown.projects, seconds: duration(shown.seconds), credits: count(shown.credits) })}</p>`}
  </div>`;
}

const dayFormat = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const dayWord = (day) => dayFormat.format(new Date(`${day}T12:00`));
const shortFormat = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const short = (value) => shortFormat.format(value);

/** A round number at or above the highest bar. @param {number} highest */
export function niceTop(highest) {
  if (highest <= 0) return 10;
  const power = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 4, 5, 10].find((one) => one * power >= highest);
  return Math.max(2, factor * power);
}

/** A row for every day up to today, as days without work may be left out. */
export function everyDay(rows, days) {
  const known = new Map(rows.map((row) => [row.date, row]));
  const now = new Date();
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - (days - 1 - index)));
    const name = day.toISOString().slice(0, 10);
    return known.get(name) ?? { date: name, projects: 0, seconds: 0, credits: 0 };
  });
}
