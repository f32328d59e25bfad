/** A sound that was chosen: its file, its upload, and the stretch of it that is used. */

import { api } from '../api.js';
import { html, useEffect } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { bytes, duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';
import { Waveform } from '../ui/waveform.js';
import { SendingLine } from './sending-line.js';
import { stopUpload, useSoundUpload } from './sound-upload.js';
import { StretchFields } from './stretch-fields.js';
import { stored } from './uploading.js';

// A waveform holds the whole sound decoded in memory; larger files are cut by their numbers alone.
const MOST_DRAWN_BYTES = 80_000_000;

/**
 * @typedef {{ name: string, blob: Blob | null, sending: import('./uploading.js').Sending | null, length: number, start: number,
 *   end: number, undrawn: boolean, sentPart: string, wholePath: string | null }} Sound
 *   blob: what the page can play, null until it is fetched; length: seconds, 0 until known; undrawn: without a waveform;
 *   sentPart: the part that was sent as a file of its own, empty for the whole; wholePath: of the whole, once it was sent
 */

/** @param {File} file @param {number} [length] seconds, where they are known @returns {Sound} */
export const soundOfFile = (file, length = 0) => ({
  name: file.name, blob: file, sending: null, length, start: 0, end: length, undrawn: file.size > MOST_DRAWN_BYTES,
  sentPart: '', wholePath: null,
});

/** A sound of an earlier order. @param {string} filePath @param {number} start @param {number} end @returns {Sound} */
export const soundOfOrder = (filePath, start, end) => ({
  name: t('make.soundBefore'), blob: null, sending: stored(filePath), length: 0, start, end, undrawn: false,
  sentPart: '', wholePath: filePath,
});

/** The sound with a length that was found out, and its stretch inside it. @param {Sound} sound @param {number} length */
const withLength = (sound, length) => ({
  ...sound, length, start: Math.min(sound.start, length), end: sound.end ? Math.min(sound.end, length) : length,
});

/**
 * @param {{ sound: Sound, label: string, cut?: boolean, onChange: (change: (sound: Sound) => Sound) => void, onRemove: () => void }} props
 *   cut: the order has no words for a part of the sound, so a part is cut out here and sent as a file of its own
 */
export function SoundEditor({ sound, label, cut = false, onChange, onRemove }) {
  const { blob, sending } = sound;
  const begin = useSoundUpload(sound, cut, onChange);

  const filePath = sending?.filePath;
  useEffect(() => {
    // What the browser cannot read, the server can; and a sound of an earlier order is fetched to be heard.
    if (!filePath || (blob && (sound.length || !sound.undrawn))) return undefined;
    const stop = new AbortController();
    (async () => {
      const info = await api.post('/v1/file-info', { file_path: filePath }, { signal: stop.signal, patient: true });
      onChange((old) => withLength(old, info.duration_seconds ?? old.length));
      if (blob) return;
      if (!info.url) {
        onChange((old) => ({ ...old, undrawn: true }));
        return;
      }
      const answer = await fetch(info.url, { signal: stop.signal });
      const fetched = await answer.blob();
      onChange((old) => ({ ...old, blob: fetched, undrawn: fetched.size > MOST_DRAWN_BYTES }));
    })().catch((error) => {
      if (stop.signal.aborted) return;
      onChange((old) => ({ ...old, undrawn: true, sending: { ...old.sending, state: 'failed', message: error.message } }));
    });
    return () => stop.abort();
  }, [filePath, sound.undrawn]);

  const remove = () => {
    stopUpload(blob);
    onRemove();
  };
  const choosePart = (start, end) => onChange((old) => ({ ...old, start, end }));
  return html`<div class="stack sound">
    <div class="file-line"><${Icon} name="sound" /><div class="grow"><div class="file-name">${sound.name}</div>
        <div class="small muted tabular">${[sound.length && duration(sound.length), blob && bytes(blob.size)].filter(Boolean).join(' · ')}</div></div>
      <${Button} kind="quiet" size="small" icon="trash" label=${t('make.removeSound')} onClick=${remove} /></div>
    <${SendingLine} sending=${sending} onRetry=${begin} />
    ${blob && !sound.undrawn && html`<${Waveform} sound=${blob} start=${sound.start} end=${sound.end} label=${label} onStretch=${choosePart}
      onLength=${(length) => onChange((old) => withLength(old, length))}
      onFailure=${() => onChange((old) => ({ ...old, undrawn: true }))} />`}
    ${sound.undrawn && html`<${Note}>${t('make.noWaveform')}<//>`}
    ${sound.length > 0 && !(cut && sound.undrawn) && html`<${StretchFields} start=${sound.start} end=${sound.end} length=${sound.length} onStretch=${choosePart} />`}
  </div>`;
}
