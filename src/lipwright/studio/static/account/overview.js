/** Balance, plan, usage and ledger. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { bytes, count } from '../ui/format.js';
import { ErrorState, Loading } from '../ui/states.js';
import { Ledger } from './ledger.js';
import { useLoaded } from './load.js';
import { Usage } from './usage.js';

const pixels = (n) => t('account.unitPx', { n: count(n) });
// What a plan may say, in the order in which it is read, and how.
const LIMITS = {
  credits_once: count,
  credits_daily: count,
  credits_monthly: count,
  longer_side_px: pixels,
  photo_longer_side_px: pixels,
  upload_bytes: bytes,
  concurrent_jobs: count,
  calls_per_10_s: count,
  sync_modes: (modes) => modes.join(', '),
};
// Their absence says something; that of a grant says nothing.
const SAID_WHEN_ABSENT = ['concurrent_jobs', 'calls_per_10_s'];

export function Overview() {
  const { value: account, error, again } = useLoaded('/v1/account');
  if (error && !account) return html`<${ErrorState} error=${error} retry=${again} />`;
  if (!account) return html`<${Loading} />`;
  const limits = account.plan.limits ?? account.plan;
  const isCounted = limits.checks_balance ?? account.plan.checks_balance ?? true;
  return html`<div class="overview">
    <div class="overview-top">
      <section class="card figure-card"><h2>${t('account.balance')}</h2>
        ${isCounted ? html`<p class="figure tabular">${count(account.credits)}</p><p class="muted small">${t('account.balanceWord')}</p>`
          : html`<p class="figure">${t('account.balanceUnlimitedTitle')}</p>
            <p class="muted small">${t('account.balanceUnlimited', { credits: count(Math.max(0, -account.credits)) })}</p>`}
      </section>
      <section class="card"><h2>${t('account.plan')}: <span class="plan-name">${account.plan.name}</span></h2>
        <${Limits} limits=${limits} /></section>
    </div>
    <${Usage} />
    <${Ledger} />
  </div>`;
}

function Limits({ limits }) {
  const rows = Object.entries(LIMITS)
    .filter(([key]) => limits[key] != null || SAID_WHEN_ABSENT.includes(key))
    .map(([key, say]) => [key, limits[key] != null ? say(limits[key]) : t('account.limitNone')]);
  return html`<dl class="limits">${rows.map(([key, value]) => html`<div key=${key}><dt>${t(`account.limit_${key}`)}</dt>
    <dd class="tabular">${value}</dd></div>`)}</dl>`;
}
