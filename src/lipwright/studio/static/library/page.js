/** All videos of the account, newest first. */

import { api, isAbort } from '../api.js';
import { classes, html, useCallback, useEffect, useRef, useState } from '../lib.js';
import { Link, useTitle } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Choice, Select } from '../ui/field.js';
import { Icon } from '../ui/icons.js';
import { loadStyles } from '../ui/load-styles.js';
import { Empty, ErrorState, Loading } from '../ui/states.js';
import { isFinal } from '../watch/project.js';
import { Card } from './card.js';
import { addressOf, callOf, wantedOf } from './query.js';

await loadStyles(new URL('./library.css', import.meta.url));

const PAGE = 24;
// Somebody who types a word is asked for once, at its end.
const TYPING_MS = 250;
// While something on the page is being made.
const LOOK_MS = 3000;
const STATES = ['complete', 'rendering', 'queued', 'error', 'canceled'];

/** @param {{ query: URLSearchParams }} props */
export function LibraryPage({ query }) {
  useTitle(t('library.title'));
  const [wanted, setWanted] = useState(() => wantedOf(query));
  const { found, error, busy, look, removed } = useVideos(wanted);
  const top = useRef(null);
  // The way to the library leads to all of it, also from a part of it.
  useEffect(() => setWanted(wantedOf(query)), [query]);

  // Not by the router: the view stays, and the field keeps the keyboard.
  const want = (change) => {
    const next = { ...wanted, cursors: [], ...change };
    history.replaceState(null, '', addressOf(next));
    setWanted(next);
  };
  const turn = (cursors) => {
    want({ cursors });
    top.current?.scrollIntoView({ block: 'start' });
  };
  const isNarrowed = Boolean(wanted.search || wanted.product || wanted.status);
  return html`<div class="library" ref=${top}>
    <div class="row-apart"><h1>${t('library.title')}</h1>
      <${Link} href="/make/photo" class="button button--primary library-make"><${Icon} name="plus" />${t('library.make')}<//></div>
    <${Filters} wanted=${wanted} want=${want} />
    <p class="unseen" role="status">${!busy && found ? sayFound(found.items.length) : ''}</p>
    ${error && !found ? html`<${ErrorState} error=${error} retry=${look} />`
      : !found ? html`<${Loading} />`
        : found.items.length ? html`<ul class=${classes('videos', busy && 'is-busy')} aria-label=${t('library.listLabel')} aria-busy=${busy ? 'true' : 'false'}>
            ${found.items.map((one) => html`<${Card} key=${one.id} project=${one} onRemoved=${removed} onRestored=${look} />`)}</ul>`
          : isNarrowed || wanted.cursors.length ? html`<${Empty} icon="search" title=${t('library.noneTitle')} text=${t('library.noneText')}
              action=${html`<${Button} onClick=${() => want({ search: '', product: '', status: '' })}>${t('library.noneAction')}<//>`} />`
            : html`<${Nothing} />`}
    ${found && (found.next || wanted.cursors.length > 0) && html`<nav class="pages" aria-label=${t('library.pagesLabel')}>
      <${Button} icon="left" disabled=${!wanted.cursors.length} onClick=${() => turn(wanted.cursors.slice(0, -1))}>${t('library.newer')}<//>
      <span class="muted tabular">${t('library.page', { page: wanted.cursors.length + 1 })}</span>
      <${Button} disabled=${!found.next} onClick=${() => turn([...wanted.cursors, found.next])}>${t('library.older')}<${Icon} name="right" /><//>
    </nav>`}
  </div>`;
}

/** One page of videos, looked at again while some of them are being made. */
function useVideos(wanted) {
  const [found, setFound] = useState(/** @type {{ items: any[], next: string | null } | null} */ (null));
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(true);
  const [round, setRound] = useState(0);
  const look = useCallback(() => setRound((before) => before + 1), []);
  const call = callOf(wanted, PAGE);
  useEffect(() => {
    const asked = new AbortController();
    let timer = 0;
    const read = async () => {
      try {
        const page = await api.get(call, { signal: asked.signal });
        setFound({ items: page.items, next: page.next_cursor ?? null });
        setError(null);
        if (page.items.some((one) => !isFinal(one))) timer = setTimeout(readIfSeen, LOOK_MS);
      } catch (failed) {
        if (isAbort(failed)) return;
        setError(failed);
        timer = setTimeout(readIfSeen, 2 * LOOK_MS);
      }
      setBusy(false);
    };
    const readIfSeen = () => {
      if (document.hidden) timer = setTimeout(readIfSeen, LOOK_MS);
      else read();
    };
    setBusy(true);
    timer = setTimeout(read, found ? TYPING_MS : 0);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [call, round]);
  const removed = (id) => setFound((before) => before && { ...before, items: before.items.filter((one) => one.id !== id) });
  return { found, error, busy, look, removed };
}

function Filters({ wanted, want }) {
  return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
    <div class="filters-search"><${Icon} name="search" size=${18} />
      <input class="input" type="search" aria-label=${t('library.search')} placeholder=${t('library.search')} value=${wanted.search}
        onInput=${(event) => want({ search: event.target.value })} /></div>
    <${Choice} label=${t('library.kind')} hideLabel value=${wanted.product} onInput=${(product) => want({ product })} options=${[
      { value: '', label: t('library.kindAll') },
      { value: 'ai-talking-photo', label: t('library.kindPhoto') },
      { value: 'lip-sync', label: t('library.kindSync') },
    ]} />
    <${Select} label=${t('library.state')} hideLabel value=${wanted.status} onInput=${(status) => want({ status })} options=${[
      { value: '', label: t('library.stateAll') },
      ...STATES.map((one) => ({ value: one, label: t(`library.state_${one}`) })),
    ]} />
  </form>`;
}

function Nothing() {
  return html`<${Empty} icon="library" title=${t('library.emptyTitle')} text=${t('library.emptyText')}
    action=${html`<div class="row library-ways">
      <${Link} href="/make/photo" class="button button--primary"><${Icon} name="picture" />${t('library.emptyPhoto')}<//>
      <${Link} href="/make/sync" class="button"><${Icon} name="video" />${t('library.emptySync')}<//></div>`} />`;
}

function sayFound(count) {
  if (!count) return t('library.foundNone');
  return count === 1 ? t('library.foundOne') : t('library.foundMany', { count });
}
