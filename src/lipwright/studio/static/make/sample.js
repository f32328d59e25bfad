/** The picture and the voice that come with Lipwright. */

import { t } from '../texts.js';

const SAMPLES = [
  { name: 'portrait.jpg', type: 'image/jpeg' },
  { name: 'voice.mp3', type: 'audio/mpeg' },
];

/** @returns {Promise<File[]>} picture and voice */
export function sampleFiles() {
  return Promise.all(SAMPLES.map(async ({ name, type }) => {
    const answer = await fetch(new URL(`../samples/${name}`, import.meta.url));
    if (!answer.ok) throw new Error(t('make.noSample'));
    return new File([await answer.blob()], name, { type });
  }));
}
