/** Line drawings of 24 by 24, by name. */

import { html } from '../lib.js';

const PATHS = {
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.5 9.5h.01',
  camera: 'M4 8h3l1.6-2.5h6.8L17 8h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7',
  video: 'M3 6h12v12H3zM15 10.5l6-3.5v10l-6-3.5',
  library: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  sound: 'M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3',
  microphone: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 1 0-6 0v5a3 3 0 0 0 3 3M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  text: 'M5 6h14M5 11h14M5 16h9',
  play: 'M7.5 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6.5 6.5h11v11h-11z',
  record: 'M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12',
  again: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4.5H9',
  upload: 'M12 16V5M7.5 9.5 12 5l4.5 4.5M5 19h14',
  download: 'M12 5v11M7.5 11.5 12 16l4.5-4.5M5 19h14',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  plus: 'M12 5v14M5 12h14',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 12.5h8L17 7',
  pencil: 'M5 19l1-4L16.5 4.5l3 3L9 18z',
  search: 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12M15.5 15.5 20 20',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2h.01',
  error: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.5v5.5M12 16.3h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.5M12 7.7h.01',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5.5l3.5 2',
  coin: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 8.5 15.5 12 12 15.5 8.5 12z',
  spark: 'M12 3.5 14 10l6.5 2-6.5 2-2 6.5-2-6.5-6.5-2 6.5-2z',
  face: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9 9.5v1M15 9.5v1M8.5 14.5c1.8 2 5.2 2 7 0',
  left: 'M14.5 6 8.5 12l6 6',
  right: 'M9.5 6l6 6-6 6',
  down: 'M6 9.5l6 6 6-6',
  key: 'M8 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M11.5 12H20v3.5M16.5 12v2.5',
  hook: 'M8 4.5v6a4 4 0 1 0 8 0V8M16 8l-2.5 2M16 8l2.5 2',
  out: 'M10 5H5v14h5M14 8l4 4-4 4M18 12H9',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  loop: 'M5 11V9.5A3.5 3.5 0 0 1 8.5 6H19M16 3l3 3-3 3M19 13v1.5a3.5 3.5 0 0 1-3.5 3.5H5M8 21l-3-3 3-3',
  stepBack: 'M17 6l-8 6 8 6zM6.5 6v12',
  stepForward: 'M7 6l8 6-8 6zM17.5 6v12',
  compare: 'M12 4v16M4 7h5.5v10H4M20 7h-5.5v10H20',
  code: 'M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5',
  list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01',
};

/**
 * @param {{ name: keyof typeof PATHS, size?: number, filled?: boolean }} props decoration: the words beside it are read
 */
export function Icon({ name, size = 20, filled = false }) {
  return html`<svg width=${size} height=${size} viewBox="0 0 24 24" fill=${filled ? 'currentColor' : 'none'}
    stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
    focusable="false"><path d=${PATHS[name]} /></svg>`;
}
