/** Keys with which programs sign in. */

import { api } from '../api.js';
import { html, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { ago, date } from '../ui/format.js';
import { Empty, ErrorState, Loading } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { Confirm } from './confirm.js';
import { rowsOf, useLoaded } from './load.js';
import { ShownOnce } from './once.js';

const NAME_CHARACTERS = 100;

export function Keys() {
  const { value, error, again } = useLoaded('/v1/api-keys');
  const [made, setMade] = useState(/** @type {string | null} */ (null));
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  const rows = rowsOf(value).filter((key) => !key.revoked_at);
  const revoke = async (key) => {
    await api.delete(`/v1/api-keys/${key.id}`);
    toast({ text: t('account.keysRevoked', { name: key.name }) });
    again();
  };
  return html`<div class="keys">
    <p class="lead">${t('account.keysText')}</p>
    <${NewKey} onMade=${(key) => { setMade(key); again(); }} />
    ${error && !value ? html`<${ErrorState} error=${error} retry=${again} />` : !value ? html`<${Loading} />`
      : !rows.length ? html`<${Empty} icon="key" title=${t('account.keysEmptyTitle')} text=${t('account.keysEmptyText')} />`
        : html`<ul class="rows" aria-label=${t('account.keysList')}>${rows.map((key) => html`<li class="key-row" key=${key.id}>
          <div class="grow"><h2 class="row-name">${key.name}</h2>
            <p class="small muted">${key.hint && html`<code>${key.hint}</code> · `}${t('account.keysCreatedOn', { date: date(key.created_at) })}${
              key.last_used_at !== undefined ? ` · ${key.last_used_at ? t('account.keysUsedAgo', { ago: ago(key.last_used_at) }) : t('account.keysNever')}` : ''}</p></div>
          <${Button} kind="danger" size="small" icon="trash" aria-label=${t('account.keysRevokeNamed', { name: key.name })} onClick=${() => setAsked(key)}>${t('account.keysRevoke')}<//>
        </li>`)}</ul>`}
    ${made && html`<${ShownOnce} title=${t('account.keysOnceTitle')} text=${t('account.keysOnceText')} secret=${made} onDone=${() => setMade(null)} />`}
    ${asked && html`<${Confirm} title=${t('account.keysRevokeTitle', { name: asked.name })} text=${t('account.keysRevokeText')}
      yes=${t('account.keysRevokeYes')} no=${t('account.keysRevokeNo')} run=${() => revoke(asked)} onClose=${() => setAsked(null)} />`}
  </div>`;
}

function NewKey({ onMade }) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const make = async (event) => {
    event.preventDefault();
    if (!name.trim()) return setProblem(t('account.keysNameMissing'));
    setBusy(true);
    setProblem(null);
    try {
      const answer = await api.post('/v1/api-keys', { name: name.trim() });
      setName('');
      onMade(answer.key);
    } catch (failed) {
      setProblem(failed.message);
    }
    return setBusy(false);
  };
  return html`<form class="card new-row" onSubmit=${make} novalidate>
    <${TextField} label=${t('account.keysName')} hint=${t('account.keysNameHint')} problem=${problem} value=${name} onInput=${setName}
      maxlength=${NAME_CHARACTERS} autocomplete="off" />
    <${Button} kind="primary" type="submit" icon="plus" busy=${busy}>${t('account.keysCreate')}<//>
  </form>`;
}
