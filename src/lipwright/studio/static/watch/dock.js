/** The queue at the corner of every page: what is being made, how far it is, and what became of it. */

import { api } from '../api.js';
import { classes, html, useEffect, useRef, useState, useStore, store } from '../lib.js';
import { Link, place } from '../router.js';
import { refreshAccount } from '../session.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { loadStyles } from '../ui/load-styles.js';
import { toast } from '../ui/toast.js';
import { isFinal, local, nameOf } from './project.js';

await loadStyles(new URL('./dock.css', import.meta.url));

// Often enough to see it move; a stream for each would take the six connections that a browser has for a host.
const LOOK_MS = 2500;
// A look while nothing is being made: another page or program may have begun something.
const IDLE_MS = 20_000;
const SHOWN = 20;

/** @type {ReturnType<typeof store<import('./project.js').Project[]>>} */
const queue = store([]);
/** Looks at once; a page that has just begun a video calls it. */
export let lookNow = () => {};

/** Follow the queue while the page is seen. */
function useQueue() {
  const known = useRef(new Map());
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const look = async () => {
      clearTimeout(timer);
      if (gone || document.hidden) return;
      try {
        const [waiting, running] = await Promise.all(['queued', 'rendering'].map((status) => (
          api.get(`/v1/video-projects?status=${status}&limit=${SHOWN}`))));
        const open = [...running.items, ...waiting.items].filter((one, place_, all) => (
          !isFinal(one) && all.findIndex((other) => other.id === one.id) === place_));
        await tellEnds(known.current, open);
        known.current = new Map(open.map((one) => [one.id, one]));
        if (!gone) queue.set(open);
      } catch {
        // The page says itself that it has no connection; the next look may have one.
      }
      clearTimeout(timer);
      if (!gone) timer = setTimeout(look, queue.get().length ? LOOK_MS : IDLE_MS);
    };
    lookNow = look;
    look();
    const stop = place.subscribe(look);
    document.addEventListener('visibilitychange', look);
    return () => {
      gone = true;
      clearTimeout(timer);
      stop();
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
}

/** Say what became of those that are no longer open, unless their own page is shown. */
async function tellEnds(before, open) {
  for (const one of before.values()) {
    if (open.some((other) => other.id === one.id)) continue;
    const path = `/jobs/${one.id}`;
    const now = await api.get(`/v1/video-projects/${one.id}`).catch(() => null);
    if (!now || !isFinal(now)) continue;
    refreshAccount();
    if (place.get().path === path || now.status === 'canceled') continue;
    toast({
      text: t(now.status === 'complete' ? 'watch.queueDone' : 'watch.queueFailed', { name: nameOf(now) }),
      action: { label: t('watch.queueLook'), run: () => import('../router.js').then(({ navigate }) => navigate(path)) },
      seconds: 10,
    });
  }
}

export function QueueDock() {
  useQueue();
  const all = useStore(queue);
  const { path } = useStore(place);
  const [isOpen, setOpen] = useState(false);
  // The page of a video shows it large.
  const open = all.filter((one) => path !== `/jobs/${one.id}`);
  if (!open.length) return null;
  const mean = open.reduce((sum, one) => sum + one.progress.fraction, 0) / open.length;
  const title = open.length === 1 ? t('watch.queueBusyOne') : t('watch.queueBusyMany', { count: open.length });
  return html`<aside class=${classes('dock', /^\/(make\/|$)/.test(path) && 'is-high')} aria-label=${t('watch.queueTitle')}>
    <button type="button" class="dock-head" aria-expanded=${isOpen ? 'true' : 'false'} onClick=${() => setOpen(!isOpen)}>
      <span class="spinner" aria-hidden="true"></span><span class="grow">${title}</span>
      <span class="tabular muted">${Math.round(mean * 100)} %</span>
      <span class=${isOpen ? 'dock-arrow' : 'dock-arrow is-closed'}><${Icon} name="down" size=${18} /></span></button>
    ${isOpen && html`<ul class="dock-list">${open.map((one) => html`<${Row} key=${one.id} project=${one} />`)}</ul>`}
  </aside>`;
}

function Row({ project }) {
  const percent = Math.round(project.progress.fraction * 100);
  const poster = local(project.poster_url);
  const isWaiting = project.status === 'queued';
  const left = project.progress.seconds_left;
  const cancel = () => api.post(`/v1/video-projects/${project.id}/cancel`).then(() => lookNow(), (failed) => toast({ text: failed.message, kind: 'danger' }));
  return html`<li class="dock-row">
    <${Link} href=${`/jobs/${project.id}`} class="dock-link">
      <span class="dock-picture">${poster ? html`<img src=${poster} alt="" loading="lazy" />` : html`<${Icon} name="face" size=${20} />`}</span>
      <span class="dock-words"><span class="dock-name">${nameOf(project)}</span>
        <span class="small muted tabular">${isWaiting ? t('watch.status_queued')
          : `${percent} %${left != null ? ` · ${t('watch.timeLeft', { time: duration(Math.max(1, Math.round(left))) })}` : ''}`}</span>
        <span class="dock-track"><span class="dock-bar" style=${{ width: `${percent}%` }}></span></span></span>
    <//>
    <${Button} kind="quiet" size="small" icon="close" label=${t('watch.cancelNamed', { name: nameOf(project) })} onClick=${cancel} />
  </li>`;
}
