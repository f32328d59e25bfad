/** The stretch of a sound or a film in seconds, as numbers. */

import { html, useEffect, useState } from '../lib.js';
import { t } from '../texts.js';
import { TextField } from '../ui/field.js';
import { duration } from '../ui/format.js';

const SHORTEST_S = 0.1;
const round = (seconds) => Math.round(seconds * 100) / 100;

/** A number that counts when it is finished, not while it is typed. */
function Seconds({ label, value, least, most, onChange }) {
  const [written, setWritten] = useState(String(round(value)));
  useEffect(() => setWritten(String(round(value))), [value]);
  const finish = () => {
    const number = Number(written.replace(',', '.'));
    if (Number.isFinite(number) && written.trim()) onChange(Math.max(least, Math.min(most, number)));
    setWritten(String(round(value)));
  };
  const type = (text) => {
    setWritten(text);
    const number = Number(text.replace(',', '.'));
    if (Number.isFinite(number) && text.trim() && number >= least && number <= most) onChange(number);
  };
  return html`<${TextField} label=${label} class="seconds" value=${written} onInput=${type} onBlur=${finish} type="number"
    min=${round(least)} max=${Number.isFinite(most) ? round(most) : undefined} step="any" inputmode="decimal" />`;
}

/** @param {{ start: number, end: number, length: number, onStretch: (start: number, end: number) => void }} props seconds; length: Infinity where it is not known */
export function StretchFields({ start, end, length, onStretch }) {
  return html`<div class="stretch-fields">
    <${Seconds} label=${t('make.from')} value=${start} least=${0} most=${end - SHORTEST_S} onChange=${(value) => onStretch(value, end)} />
    <${Seconds} label=${t('make.to')} value=${end} least=${start + SHORTEST_S} most=${length} onChange=${(value) => onStretch(start, value)} />
    <p class="small muted tabular">${Number.isFinite(length)
      ? t('make.stretchOf', { stretch: duration(end - start), length: duration(length) }) : duration(end - start)}</p>
  </div>`;
}
