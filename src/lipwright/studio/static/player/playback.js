/** What a video element does at the moment, as a value of a component, and the ways to change it. */

import { useCallback, useEffect, useState } from '../lib.js';
import { frameAt, frameCount, timeOf } from './frames.js';

const AT_REST = { playing: false, time: 0, length: 0, muted: false, loop: false, speed: 1, failed: false };

/**
 * @param {{ current: HTMLVideoElement | null }} video
 * @param {{ rate: number, length_s: number }} about rate: frames a second; length_s: until the file says it itself
 */
export function usePlayback(video, { rate, length_s }) {
  const [state, setState] = useState({ ...AT_REST, length: length_s });

  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    let drawing = 0;
    const look = () => setState((before) => ({
      playing: !element.paused && !element.ended,
      time: element.currentTime,
      length: Number.isFinite(element.duration) ? element.duration : before.length,
      muted: element.muted,
      loop: element.loop,
      speed: element.playbackRate,
      failed: Boolean(element.error),
    }));
    // The events of time come four times a second: too seldom for a number of the frame.
    const follow = () => {
      look();
      drawing = element.paused ? 0 : requestAnimationFrame(follow);
    };
    const events = ['play', 'pause', 'ended', 'seeked', 'seeking', 'timeupdate', 'loadedmetadata', 'volumechange', 'ratechange', 'error'];
    const happened = (event) => (event.type === 'play' ? follow() : look());
    for (const name of events) element.addEventListener(name, happened);
    look();
    return () => {
      cancelAnimationFrame(drawing);
      for (const name of events) element.removeEventListener(name, happened);
    };
  }, [video]);

  const change = useCallback((deed) => {
    if (video.current) deed(video.current);
  }, [video]);
  return {
    ...state,
    frame: Math.min(frameAt(state.time, rate), frameCount(state.length, rate) - 1),
    frames: frameCount(state.length, rate),
    // Playing may be refused, as where a sound must not begin by itself; the button then still says "play".
    toggle: () => change((element) => (element.paused ? element.play().catch(() => {}) : element.pause())),
    seek: (time) => change((element) => { element.currentTime = time; }),
    step: (frames) => change((element) => {
      element.pause();
      const last = frameCount(element.duration || length_s, rate) - 1;
      const next = Math.min(last, Math.max(0, frameAt(element.currentTime, rate) + frames));
      element.currentTime = timeOf(next, rate);
    }),
    setSpeed: (speed) => change((element) => { element.playbackRate = speed; }),
    toggleLoop: () => change((element) => {
      element.loop = !element.loop;
      setState((before) => ({ ...before, loop: element.loop }));
    }),
    toggleMute: () => change((element) => { element.muted = !element.muted; }),
  };
}
