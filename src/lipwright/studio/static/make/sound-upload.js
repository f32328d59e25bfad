/** A sound on its way to the server; a part of it too, where an order has no words for parts. */

import { kindOfFile } from '../media-files.js';
import { useEffect } from '../lib.js';
import { t } from '../texts.js';
import { send, stored } from './uploading.js';
import { cutSound } from './wav.js';

// Long enough that a handle which is dragged sends nothing before it rests.
const CUT_PATIENCE_MS = 500;
// A stretch that ends so near to the sound's own ends is the whole of it.
const NEAR_S = 0.005;

// An upload goes on while another way to give a voice is looked at; it ends with its sound.
/** @type {WeakMap<Blob, () => void>} */
const uploads = new WeakMap();

/** @param {Blob | null} blob */
export const stopUpload = (blob) => blob && uploads.get(blob)?.();

/** The part that is used, as a word; empty for the whole. @param {import('./sound.js').Sound} sound */
const partOf = ({ start, end, length }) => (!length || (start < NEAR_S && end > length - NEAR_S) ? '' : `${start.toFixed(3)} ${end.toFixed(3)}`);

/**
 * @param {import('./sound.js').Sound} sound
 * @param {boolean} cut whether a part is sent as a file of its own
 * @param {(change: (sound: import('./sound.js').Sound) => import('./sound.js').Sound) => void} onChange
 * @returns {() => void} send once more
 */
export function useSoundUpload(sound, cut, onChange) {
  const { blob, sending } = sound;
  const part = cut && blob ? partOf(sound) : '';

  const begin = async () => {
    stopUpload(blob);
    let file = blob;
    try {
      if (part) file = await cutSound(blob, sound.start, sound.end, t('make.partName'));
    } catch {
      onChange((old) => ({ ...old, undrawn: true, start: 0, end: old.length }));
      return;
    }
    if (!(file instanceof File)) return;
    const report = (now) => onChange((old) => (old.blob === blob ? {
      ...old, sending: now, sentPart: part, wholePath: part ? old.wholePath : (now.filePath ?? old.wholePath),
    } : old));
    uploads.set(blob, send(file, report, kindOfFile(file) === 'video' ? 'video' : 'audio'));
  };

  useEffect(() => {
    if (!sending && blob instanceof File) begin();
  }, [blob]);

  useEffect(() => {
    if (part === sound.sentPart) return undefined;
    stopUpload(blob);
    if (!part && sound.wholePath) {
      onChange((old) => ({ ...old, sending: stored(old.wholePath), sentPart: '' }));
      return undefined;
    }
    onChange((old) => ({ ...old, sending: null }));
    const timer = setTimeout(begin, CUT_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [part]);

  return begin;
}
