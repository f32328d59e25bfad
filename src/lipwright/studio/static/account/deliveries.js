/** What was sent to a webhook, and what came back. */

import { api } from '../api.js';
import { html, useEffect } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { when } from '../ui/format.js';
import { ErrorState, Loading } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { rowsOf, useLoaded } from './load.js';

// While one is on its way.
const LOOK_MS = 1500;
const LOOKS = { delivered: 'good', failed: 'danger', pending: 'accent' };

export function Deliveries({ webhook }) {
  const { value, error, again } = useLoaded(`/v1/webhooks/${webhook.id}/deliveries`);
  const rows = rowsOf(value);
  const waits = rows.some((one) => one.status === 'pending');
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(again, LOOK_MS);
    return () => clearTimeout(timer);
  }, [value]);
  const replay = async (one) => {
    try {
      await api.post(`/v1/webhook-deliveries/${one.id}/replay`);
      toast({ text: t('account.deliveryReplayed') });
      again();
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
    }
  };
  if (error && !value) return html`<${ErrorState} error=${error} retry=${again} />`;
  if (!value) return html`<${Loading} />`;
  return html`<section class="deliveries" aria-label=${t('account.deliveries')}>
    <div class="row-apart"><h3>${t('account.deliveries')}</h3><${Button} kind="quiet" size="small" icon="again" onClick=${again}>${t('account.deliveriesRefresh')}<//></div>
    ${!rows.length ? html`<p class="muted small">${t('account.deliveriesNone')}</p>`
      : html`<ul>${rows.map((one) => html`<${Delivery} key=${one.id} delivery=${one} replay=${() => replay(one)} />`)}</ul>`}
  </section>`;
}

function Delivery({ delivery, replay }) {
  const last = delivery.attempts.at(-1);
  const tries = delivery.attempts.length;
  const answered = last && (last.status_code ? t('account.deliveryAnswer', { status: last.status_code }) : last.failure);
  return html`<li class="delivery">
    <span class=${`badge ${LOOKS[delivery.status] ?? ''}`}>${t(`account.delivery_${delivery.status}`)}</span>
    <div class="grow"><p><code>${delivery.type}</code>${delivery.project_id && delivery.type !== 'test' && html` <${Link} href=${`/jobs/${delivery.project_id}`} class="small">${t('account.deliveryVideo')}<//>`}</p>
      <p class="small muted">${when(delivery.created_at)}${tries > 0 && ` · ${tries === 1 ? t('account.deliveryTriesOne') : t('account.deliveryTriesMany', { count: tries })}`}${answered && ` · ${answered}`}</p></div>
    <${Button} size="small" icon="again" onClick=${replay}>${t('account.deliveryReplay')}<//>
  </li>`;
}
