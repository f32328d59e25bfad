/** Several people of a film, a voice for each. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { Choice } from '../ui/field.js';
import { VoicePicker, noVoice, voiceAssets } from './voice.js';

/** The assets of an order: what each says who has a voice; null where nobody has. @param {Record<number, import('./voice.js').Voice>} voices */
export function voicesAssets(voices) {
  const rows = Object.entries(voices).map(([face, voice]) => ({ face: Number(face), ...voiceAssets(voice) }));
  const speaking = rows.filter((row) => row.audio_file_path || row.text);
  return speaking.length ? { voices: speaking } : null;
}

/**
 * @param {{ faces: import('./faces.js').Face[], voices: Record<number, import('./voice.js').Voice>, shown: number,
 *   onShow: (face: number) => void, onChange: (change: (voices: Record<number, any>) => Record<number, any>) => void }} props
 */
export function VoicesOfFaces({ faces, voices, shown, onShow, onChange }) {
  const numbers = [...new Set([...faces.map((_, index) => index), ...Object.keys(voices).map(Number)])].sort((one, other) => one - other);
  const options = numbers.map((face) => ({
    value: String(face), label: t('make.faceNumber', { number: face + 1 }), icon: voiceAssets(voices[face] ?? noVoice()) ? 'check' : undefined,
  }));
  return html`<div class="stack">
    ${options.length > 0 && html`<${Choice} label=${t('make.voiceOfFace')} hideLabel value=${String(shown)} options=${options} onInput=${(face) => onShow(Number(face))} />`}
    <${VoicePicker} key=${shown} voice=${voices[shown] ?? noVoice()} cut
      onChange=${(change) => onChange((all) => ({ ...all, [shown]: change(all[shown] ?? noVoice()) }))} />
  </div>`;
}
