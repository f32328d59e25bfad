/** A result and its source in step: side by side, or one over the other with a divider that is dragged. */

import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';

// Farther apart the mouths are seen at different sounds; nearer, correcting is seen as a jerk.
const DRIFT_S = 0.06;

/**
 * Keep the source at the place of the result.
 * @param {{ current: HTMLVideoElement | null }} result
 * @param {{ current: HTMLVideoElement | null }} source
 * @param {number} start_s where the result begins in the source
 * @param {boolean} active
 */
export function useInStep(result, source, start_s, active) {
  useEffect(() => {
    const [lead, follower] = [result.current, source.current];
    if (!active || !lead || !follower) return undefined;
    let drawing = 0;
    const place = () => {
      const wanted = lead.currentTime + start_s;
      if (Math.abs(follower.currentTime - wanted) > (lead.paused ? 1e-3 : DRIFT_S)) follower.currentTime = wanted;
      follower.playbackRate = lead.playbackRate;
    };
    const follow = () => {
      place();
      if (!lead.paused) drawing = requestAnimationFrame(follow);
    };
    const play = () => {
      follower.play().catch(() => {});
      follow();
    };
    const pause = () => {
      follower.pause();
      place();
    };
    const deeds = { play, pause, ended: pause, seeked: place, ratechange: place };
    for (const [name, deed] of Object.entries(deeds)) lead.addEventListener(name, deed);
    follower.addEventListener('loadedmetadata', place);
    if (lead.paused) place();
    else play();
    return () => {
      cancelAnimationFrame(drawing);
      for (const [name, deed] of Object.entries(deeds)) lead.removeEventListener(name, deed);
      follower.removeEventListener('loadedmetadata', place);
      follower.pause();
    };
  }, [active, start_s]);
}

/** The divider: dragged anywhere on the picture, moved by the keys of a scale. @param {{ onChange: (percent: number) => void }} props */
export function Divider({ onChange }) {
  const [percent, setPercent] = useState(50);
  const isDragged = useRef(false);
  useEffect(() => onChange(percent), [percent]);
  const place = (event) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setPercent(Math.round(Math.min(100, Math.max(0, (100 * (event.clientX - left)) / width))));
  };
  const grip = (event) => {
    if (event.button) return;
    isDragged.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    place(event);
  };
  const drag = (event) => isDragged.current && place(event);
  const letGo = () => { isDragged.current = false; };
  return html`<div class="divider" onPointerDown=${grip} onPointerMove=${drag} onPointerUp=${letGo} onPointerCancel=${letGo}>
    <div class="divider-line" style=${{ left: `${percent}%` }}><span class="divider-grip"></span></div>
    <input type="range" min="0" max="100" value=${percent} aria-label=${t('player.compareDividerLabel')}
      aria-valuetext=${`${percent} %`} onInput=${(event) => setPercent(Number(event.target.value))} />
  </div>`;
}
