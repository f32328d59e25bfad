/** How far something is. */

import { classes, html } from '../lib.js';

/** @param {{ label: string, fraction: number | null, hideLabel?: boolean }} props fraction: 0 to 1; null: unknown */
export function Progress({ label, fraction, hideLabel = false }) {
  const percent = fraction === null ? undefined : Math.round(fraction * 100);
  return html`<div class=${classes('progress', fraction === null && 'unknown')}>
    <div class=${hideLabel ? 'unseen' : 'row-apart small'}><span>${label}</span>
      ${percent !== undefined && html`<span class="tabular">${percent} %</span>`}</div>
    <div class="track" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}>
      <div class="bar" style=${percent === undefined ? {} : { width: `${percent}%` }}></div></div>
  </div>`;
}
