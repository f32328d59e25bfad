/** Addresses that are told what happens. */

import { api } from '../api.js';
import { html, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Check, TextField } from '../ui/field.js';
import { Empty, ErrorState, Loading } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { Confirm } from './confirm.js';
import { Deliveries } from './deliveries.js';
import { rowsOf, useLoaded } from './load.js';
import { ShownOnce } from './once.js';

const EVENTS = ['video.started', 'video.completed', 'video.errored', 'audio.started', 'audio.completed', 'audio.errored', 'batch.ended'];
// What most programs want: that it is done, and that it failed.
const USUAL_EVENTS = ['video.completed', 'video.errored'];

export function Webhooks() {
  const { value, error, again } = useLoaded('/v1/webhooks');
  const [secret, setSecret] = useState(/** @type {string | null} */ (null));
  const rows = rowsOf(value);
  return html`<div class="webhooks">
    <p class="lead">${t('account.webhooksText')}</p>
    <${NewWebhook} onMade=${(made) => { setSecret(made.secret); again(); }} />
    ${error && !value ? html`<${ErrorState} error=${error} retry=${again} />` : !value ? html`<${Loading} />`
      : !rows.length ? html`<${Empty} icon="hook" title=${t('account.webhooksEmptyTitle')} text=${t('account.webhooksEmptyText')} />`
        : html`<ul class="rows" aria-label=${t('account.webhooksList')}>${rows.map((one) => html`<${Webhook} key=${one.id} webhook=${one} again=${again} />`)}</ul>`}
    ${secret && html`<${ShownOnce} title=${t('account.webhooksSecretTitle')} text=${t('account.webhooksSecretText')} secret=${secret} onDone=${() => setSecret(null)} />`}
  </div>`;
}

function NewWebhook({ onMade }) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState(USUAL_EVENTS);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const change = (name, wanted) => setEvents(EVENTS.filter((one) => (one === name ? wanted : events.includes(one))));
  const add = async (event) => {
    event.preventDefault();
    if (!/^https?:\/\/./.test(url.trim())) return setProblem(t('account.webhooksUrlMissing'));
    if (!events.length) return setProblem(t('account.webhooksEventsNone'));
    setBusy(true);
    setProblem(null);
    try {
      onMade(await api.post('/v1/webhooks', { url: url.trim(), events }));
      setUrl('');
    } catch (failed) {
      setProblem(failed.message);
    }
    return setBusy(false);
  };
  return html`<form class="card new-webhook" onSubmit=${add} novalidate>
    <${TextField} label=${t('account.webhooksUrl')} problem=${problem} value=${url} onInput=${setUrl} type="url" inputmode="url"
      placeholder=${t('account.webhooksUrlHint')} autocomplete="off" />
    <fieldset><legend class="field-legend">${t('account.webhooksEvents')}</legend>
      <div class="event-list">${EVENTS.map((one) => html`<${Check} key=${one} label=${t(`account.event_${one.replace('.', '_')}`)} checked=${events.includes(one)}
        onInput=${(wanted) => change(one, wanted)} />`)}</div></fieldset>
    <div><${Button} kind="primary" type="submit" icon="plus" busy=${busy}>${t('account.webhooksAdd')}<//></div>
  </form>`;
}

function Webhook({ webhook, again }) {
  const [isOpen, setOpen] = useState(false);
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState('');
  const [enabled, setEnabled] = useState(webhook.enabled);
  const [round, setRound] = useState(0);
  const path = `/v1/webhooks/${webhook.id}`;
  const attempt = async (name, deed) => {
    setBusy(name);
    await deed().catch((failed) => toast({ text: failed.message, kind: 'danger' }));
    setBusy('');
  };
  const test = () => attempt('test', async () => {
    await api.post(`${path}/test`);
    toast({ text: t('account.webhooksTested') });
    setOpen(true);
    setRound((before) => before + 1);
  });
  // Shown at once, and taken back where the server says no.
  const change = async (wanted) => {
    setEnabled(wanted);
    try {
      setEnabled((await api.patch(path, { enabled: wanted })).enabled);
    } catch (failed) {
      setEnabled(!wanted);
      toast({ text: failed.message, kind: 'danger' });
    }
  };
  const remove = async () => {
    await api.delete(path);
    toast({ text: t('account.webhooksRemoved') });
    again();
  };
  return html`<li class="webhook">
    <div class="webhook-head"><div class="grow"><h2 class="row-name anywhere">${webhook.url}</h2>
        <p class="small muted">${webhook.events.map((one) => t(`account.event_${one.replace('.', '_')}`)).join(' · ')}</p></div>
      <label class="switch"><input type="checkbox" role="switch" checked=${enabled}
        aria-label=${t('account.webhooksSwitch', { url: webhook.url })} onChange=${(event) => change(event.target.checked)} />
        <span aria-hidden="true">${t(enabled ? 'account.webhooksOn' : 'account.webhooksOff')}</span></label></div>
    <div class="row">
      <${Button} size="small" icon="upload" busy=${busy === 'test'} disabled=${!enabled} onClick=${test}>${t('account.webhooksTest')}<//>
      <${Button} size="small" icon="list" aria-expanded=${isOpen ? 'true' : 'false'} onClick=${() => setOpen(!isOpen)}>
        ${t(isOpen ? 'account.deliveriesHide' : 'account.deliveriesShow')}<//>
      <${Button} kind="danger" size="small" icon="trash" onClick=${() => setAsks(true)}>${t('account.webhooksRemove')}<//></div>
    ${isOpen && html`<${Deliveries} key=${round} webhook=${webhook} />`}
    ${asks && html`<${Confirm} title=${t('account.webhooksRemoveTitle')} text=${t('account.webhooksRemoveText', { url: webhook.url })}
      yes=${t('account.webhooksRemove')} no=${t('account.webhooksRemoveNo')} run=${remove} onClose=${() => setAsks(false)} />`}
  </li>`;
}
