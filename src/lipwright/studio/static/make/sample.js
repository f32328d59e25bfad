/** The picture and the voice that come with Lipwright. */

import { t } from '../texts.js';

const SAMPLES = [
  { name: 'portrait.png', type: 'image/png' },
  { name: 'voice.m4a', type: 'audio/mp4' },
];

/** @returns {Promise<File[]>} picture and voice */
export function sampleFiles() {
  return Promise.all(SAMPLES.map(async ({ name, type }) => {
    const answer = await fetch(new URL(`../samples/${name}`, import.meta.url));
    if (!answer.ok) throw new Error(t('make.noSample'));
    return new File([await answer.blob()], name, { type });
  }));
}
