/** The controls below a video: what a browser offers, and single frames, slow motion and loop besides. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { clock } from '../ui/format.js';

export const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5];

/** @param {{ playback: ReturnType<typeof import('./playback.js').usePlayback>, onFullscreen: () => void }} props */
export function Controls({ playback, onFullscreen }) {
  const { playing, time, length, frame, frames, speed, loop, muted } = playback;
  const said = t('player.seekValue', { now: clock(time, true), whole: clock(length, true) });
  return html`<div class="controls">
    <input type="range" class="controls-seek" min="0" max=${length || 1} step="any" value=${time}
      aria-label=${t('player.seek')} aria-valuetext=${said} onInput=${(event) => playback.seek(Number(event.target.value))} />
    <div class="controls-row">
      <${Button} kind="primary" icon=${playing ? 'pause' : 'play'} label=${t(playing ? 'player.pause' : 'player.play')} onClick=${playback.toggle} />
      <${Button} kind="quiet" icon="stepBack" label=${t('player.previousFrame')} onClick=${() => playback.step(-1)} />
      <${Button} kind="quiet" icon="stepForward" label=${t('player.nextFrame')} onClick=${() => playback.step(1)} />
      <p class="controls-time tabular"><span>${clock(time, true)}<span class="controls-whole"> / ${clock(length, true)}</span></span>
        <span class="controls-frame">${t('player.frameOf', { frame: frame + 1, count: frames })}</span></p>
      <label class="controls-speed"><span class="unseen">${t('player.speed')}</span>
        <select class="select" value=${speed} onChange=${(event) => playback.setSpeed(Number(event.target.value))}>
          ${SPEEDS.map((one) => html`<option key=${one} value=${one} selected=${one === speed}>${one}×</option>`)}
        </select></label>
      <${Button} kind="quiet" icon="loop" label=${t('player.loop')} aria-pressed=${loop ? 'true' : 'false'} onClick=${playback.toggleLoop} />
      <${Button} kind="quiet" icon=${muted ? 'muted' : 'speaker'} label=${t(muted ? 'player.unmute' : 'player.mute')} onClick=${playback.toggleMute} />
      <${Button} kind="quiet" icon="fullscreen" label=${t('player.fullscreen')} onClick=${onFullscreen} />
    </div>
  </div>`;
}

/**
 * The keys of a player.
 * @param {KeyboardEvent} event
 * @param {ReturnType<typeof import('./playback.js').usePlayback>} playback
 * @param {() => void} onFullscreen
 */
export function pressKey(event, playback, onFullscreen) {
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const deeds = {
    ',': () => playback.step(-1),
    '.': () => playback.step(1),
    l: playback.toggleLoop,
    m: playback.toggleMute,
    f: onFullscreen,
    k: playback.toggle,
  };
  // Space belongs to the button or field that has the keyboard.
  if (event.key === ' ' && !at.closest('button, select, input, a')) deeds[' '] = playback.toggle;
  const deed = deeds[event.key.toLowerCase()];
  if (!deed || at.closest('select, textarea, [type=text]')) return;
  event.preventDefault();
  deed();
}
