/** The newest videos, under the form of the first page. */

import { api } from '../api.js';
import { html, useEffect, useState } from '../lib.js';
import { t } from '../texts.js';
import { ago } from '../ui/format.js';
import { Icon } from '../ui/icons.js';

const SHOWN = 6;

export function Recent() {
  const [projects, setProjects] = useState(/** @type {any[]} */ ([]));
  useEffect(() => {
    const stop = new AbortController();
    // Nothing of the form depends on it: where it fails, the library says why.
    api.get(`/v1/video-projects?limit=${SHOWN}`, { signal: stop.signal }).then(({ items }) => setProjects(items), () => {});
    return () => stop.abort();
  }, []);
  if (!projects.length) return null;
  return html`<section class="recent" aria-labelledby="recent-heading">
    <div class="row-apart"><h2 id="recent-heading">${t('make.recent')}</h2><a href="/library">${t('make.wholeLibrary')}</a></div>
    <ul class="recent-list">${projects.map((one) => html`<li key=${one.id}><a href=${`/jobs/${one.id}`} class="recent-one">
      <span class="recent-picture">${one.poster_url ? html`<img src=${one.poster_url} alt="" loading="lazy" />`
        : html`<${Icon} name=${one.type === 'LIP_SYNC' ? 'video' : 'picture'} size=${28} />`}</span>
      <span class="recent-name">${one.name || t('make.unnamed')}</span>
      <span class="small muted">${one.status === 'complete' ? ago(one.created_at) : t(`make.status_${one.status}`)}</span></a></li>`)}</ul>
  </section>`;
}
