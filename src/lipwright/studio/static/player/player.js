/** The player of a result. */

import { classes, html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Choice } from '../ui/field.js';
import { Note } from '../ui/states.js';
import { lengthOf, local } from '../watch/project.js';
import { Divider, useInStep } from './compare.js';
import { Controls, pressKey } from './controls.js';
import { usePlayback } from './playback.js';

// Where the file does not say it: the rate of most results.
const USUAL_RATE = 25;

/**
 * @param {{ project: import('../watch/project.js').Project, source: ReturnType<typeof import('./source.js').useSource>,
 *   onExpired: () => void }} props
 */
export function Player({ project, source, onExpired }) {
  const frame = useRef(null);
  const video = useRef(null);
  const original = useRef(null);
  const [view, setView] = useState('off');
  const [heard, setHeard] = useState('result');
  const [percent, setPercent] = useState(50);
  const address = useSteady(local(project.downloads[0]?.url), project.id);
  const playback = usePlayback(video, { rate: project.fps || USUAL_RATE, length_s: lengthOf(project) });
  const both = source && source !== 'missing' ? source : null;
  const compares = Boolean(both) && view !== 'off';
  useInStep(video, original, both?.start_s ?? 0, compares);
  useEffect(() => {
    if (video.current) video.current.muted = compares && heard === 'source';
    if (original.current) original.current.muted = heard !== 'source';
  }, [compares, heard]);
  const wide = () => (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen?.());
  const shape = project.width > 0 ? { '--shape': String(project.width / project.height) } : {};
  return html`<div class="player" onKeyDown=${(event) => pressKey(event, playback, wide)}>
    <div class="player-frame" ref=${frame}>
      <div class=${classes('player-stage', `is-${compares ? view : 'off'}`)} style=${shape} tabindex="0" role="group"
        aria-label=${t('player.videoLabel')} aria-description=${t('player.keys')}>
        ${compares && html`<div class="player-source" style=${view === 'divider' ? { clipPath: `inset(0 ${100 - percent}% 0 0)` } : {}}>
          <video ref=${original} src=${both.url} playsinline muted preload="auto" aria-label=${t('player.sourceLabel')}></video></div>`}
        <video class="player-result" key="result" ref=${video} src=${address} playsinline preload="auto"
          aria-label=${t('player.videoLabel')} onClick=${playback.toggle} onError=${onExpired}></video>
        ${compares && html`<span class="player-tag is-source">${t('player.compareSource')}</span>
          <span class="player-tag is-result">${t('player.compareResult')}</span>`}
        ${compares && view === 'divider' && html`<${Divider} onChange=${setPercent} />`}
      </div>
      <${Controls} playback=${playback} onFullscreen=${wide} />
    </div>
    ${playback.failed && html`<${Note} kind="danger" live>${t('player.broken')}<//>`}
    ${both && html`<div class="compare-choices">
      <${Choice} label=${t('player.compareLabel')} value=${view} onInput=${setView} options=${[
        { value: 'off', label: t('player.compareOff') },
        { value: 'side', label: t('player.compareSide') },
        { value: 'divider', label: t('player.compareDivider') },
      ]} />
      ${compares && html`<${Choice} label=${t('player.compareHear')} value=${heard} onInput=${setHeard} options=${[
        { value: 'result', label: t('player.compareHearResult') },
        { value: 'source', label: t('player.compareHearSource') },
      ]} />`}
    </div>`}
    ${source === 'missing' && html`<p class="small muted">${t('player.compareMissing')}</p>`}
  </div>`;
}

/** The first address of a video: each answer signs another, and a new one would begin the video anew. */
function useSteady(address, id) {
  const kept = useRef({ id, address });
  if (kept.current.id !== id || !kept.current.address) kept.current = { id, address };
  return kept.current.address;
}
