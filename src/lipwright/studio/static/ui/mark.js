/** The sign of the studio: lips with a voice in them. */

import { html } from '../lib.js';

/** @param {{ size?: number }} props */
export const Mark = ({ size = 32 }) => html`<svg width=${size} height=${size} viewBox="0 0 32 32" aria-hidden="true"
  focusable="false"><rect class="mark-ground" width="32" height="32" rx="9" />
  <path class="mark-lips" d="M6 16c3-4.6 6-6 7.8-6 1 0 1.6.7 2.2.7S17.2 10 18.2 10c1.8 0 4.8 1.4 7.8 6-3 4.6-6 6.5-10 6.5S9 20.6 6 16z" />
  <path class="mark-voice" d="M9.5 16h3l1.5-2.2 2.5 4.4 1.8-2.2h4.2" /></svg>`;
