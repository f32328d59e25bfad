/** The film as a strip, on which its start and end are dragged; both are sliders for the keyboard too. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { clock } from '../ui/format.js';

const STEP_S = 0.1;
const SHORTEST_S = 0.1;

/**
 * @param {{ frames: string[], length: number, start: number, end: number, at: number | null,
 *   onStretch: (start: number, end: number, moved: 'start' | 'end') => void }} props at: where the film stands, seconds
 */
export function FilmStrip({ frames, length, start, end, at, onStretch }) {
  const percent = (seconds) => `${((seconds / length) * 100).toFixed(3)}%`;
  const slider = (name, value, onInput) => html`<input type="range" class="strip-slider" min="0" max=${length} step=${STEP_S} value=${value}
    aria-label=${name} aria-valuetext=${clock(value, true)} onInput=${(event) => onInput(Number(event.target.value))} />`;
  return html`<div class="strip">
    <div class="strip-frames" aria-hidden="true">${frames.map((url) => html`<img key=${url} src=${url} alt="" draggable=${false} />`)}</div>
    <div class="strip-out" style=${{ left: 0, width: percent(start) }}></div>
    <div class="strip-out" style=${{ left: percent(end), right: 0 }}></div>
    <div class="strip-in" style=${{ left: percent(start), width: percent(end - start) }}></div>
    ${at !== null && html`<div class="strip-at" style=${{ left: percent(Math.min(at, length)) }}></div>`}
    ${slider(t('make.filmStart'), start, (value) => onStretch(Math.min(value, end - SHORTEST_S), end, 'start'))}
    ${slider(t('make.filmEnd'), end, (value) => onStretch(start, Math.max(value, start + SHORTEST_S), 'end'))}
  </div>`;
}
