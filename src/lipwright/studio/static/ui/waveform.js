/**
 * A sound as a waveform, with the stretch that is used.
 *
 * The stretch is dragged here and typed in the fields beside it: a pointer is never needed. The library that draws is
 * loaded with the first sound.
 */

import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from './button.js';
import { clock } from './format.js';

// The policy of the page knows the library's style by its hash, which holds this height.
const HEIGHT_PX = 88;
const SHORTEST_S = 0.1;

const load = () => Promise.all([import('../vendor/wavesurfer.js'), import('../vendor/wavesurfer-regions.js')]);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colours = () => ({ waveColor: colour('--line-strong'), progressColor: colour('--accent'), cursorColor: colour('--accent') });
const regionColour = () => `color-mix(in srgb, ${colour('--accent')} 18%, transparent)`;

/**
 * @param {{ sound: Blob, start: number, end: number, label: string, onStretch: (start: number, end: number) => void,
 *   onLength?: (seconds: number) => void, onFailure?: () => void }} props
 *   sound: what the browser can decode; onLength: called once it is decoded; onFailure: it cannot be drawn
 */
export function Waveform({ sound, start, end, label, onStretch, onLength, onFailure }) {
  const frame = useRef(null);
  const parts = useRef(/** @type {{ surfer: any, region: any } | null} */ (null));
  const latest = useRef({});
  latest.current = { start, end, onStretch, onLength, onFailure };
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let surfer = null;
    let gone = false;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const repaint = () => {
      surfer?.setOptions(colours());
      parts.current?.region.setOptions({ color: regionColour() });
    };
    load().then(async ([{ default: WaveSurfer }, { default: Regions }]) => {
      if (gone) return;
      const regions = Regions.create();
      surfer = WaveSurfer.create({
        container: frame.current, height: HEIGHT_PX, barWidth: 2, barGap: 2, barRadius: 2, cursorWidth: 2, normalize: true,
        hideScrollbar: true, plugins: [regions], ...colours(),
      });
      surfer.on('play', () => setPlaying(true));
      surfer.on('pause', () => setPlaying(false));
      surfer.on('timeupdate', setAt);
      await surfer.loadBlob(sound);
      if (gone) return;
      const length = surfer.getDuration();
      latest.current.onLength?.(length);
      const region = regions.addRegion({
        start: latest.current.start, end: Math.min(latest.current.end || length, length), drag: true, resize: true,
        minLength: SHORTEST_S, color: regionColour(),
      });
      region.on('update', () => latest.current.onStretch(region.start, region.end));
      region.on('update-end', () => latest.current.onStretch(region.start, region.end));
      parts.current = { surfer, region };
      setReady(true);
    }).catch(() => !gone && latest.current.onFailure?.());
    dark.addEventListener('change', repaint);
    return () => {
      gone = true;
      dark.removeEventListener('change', repaint);
      parts.current = null;
      surfer?.destroy();
    };
  }, [sound]);

  useEffect(() => {
    const region = parts.current?.region;
    if (region && (region.start !== start || region.end !== end)) region.setOptions({ start, end });
  }, [start, end, ready]);

  const toggle = () => {
    const { surfer } = parts.current ?? {};
    if (!surfer) return;
    if (playing) surfer.pause();
    else surfer.play(start, end);
  };
  return html`<div class="waveform">
    <div class="waveform-frame" ref=${frame} role="img" aria-label=${label}></div>
    <div class="row">
      <${Button} size="small" icon=${playing ? 'pause' : 'play'} onClick=${toggle} disabled=${!ready}>
        ${playing ? t('make.pause') : t('make.playStretch')}<//>
      <span class="small muted tabular">${at === null ? '' : clock(at, true)}</span>
    </div>
  </div>`;
}
