/** Choose one of the own videos. */

import { api } from '../api.js';
import { html, useEffect, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ago, duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Empty, ErrorState, Loading } from '../ui/states.js';

const PAGE = 12;

/** @param {{ onProject: (project: any, name: string) => void, onClose: () => void }} props */
export function LibraryDialog({ onProject, onClose }) {
  const [state, setState] = useState({ items: null, cursor: null, error: null, busy: true });
  const load = (cursor) => {
    setState((old) => ({ ...old, busy: true, error: null }));
    const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    api.get(`/v1/video-projects?status=complete&limit=${PAGE}${after}`).then(
      ({ items, next_cursor: next }) => setState((old) => ({ items: [...(cursor ? old.items : []), ...items], cursor: next ?? null, error: null, busy: false })),
      (error) => setState((old) => ({ ...old, error, busy: false })),
    );
  };
  useEffect(() => load(null), []);
  const pick = (project) => {
    onProject(project, project.name || t('make.unnamed'));
    onClose();
  };
  const { items, cursor, error, busy } = state;
  return html`<${Dialog} title=${t('make.fromLibrary')} onClose=${onClose} wide>
    ${error ? html`<${ErrorState} title=${t('make.libraryFailed')} error=${error} retry=${() => load(items ? cursor : null)} />`
      : !items ? html`<${Loading} />`
      : !items.length ? html`<${Empty} icon="library" title=${t('make.libraryEmpty')} text=${t('make.libraryEmptyHint')} />`
      : html`<ul class="recent-list">${items.map((one) => html`<li key=${one.id}><button type="button" class="recent-one recent-one--button" onClick=${() => pick(one)}>
          <span class="recent-picture">${one.poster_url ? html`<img src=${one.poster_url} alt="" loading="lazy" />` : html`<${Icon} name="video" size=${28} />`}</span>
          <span class="recent-name">${one.name || t('make.unnamed')}</span>
          <span class="small muted">${[one.duration_seconds && duration(one.duration_seconds), ago(one.created_at)].filter(Boolean).join(' · ')}</span>
        </button></li>`)}</ul>
        ${cursor && html`<div class="row"><${Button} busy=${busy} onClick=${() => load(cursor)}>${t('make.older')}<//></div>`}`}
  <//>`;
}
