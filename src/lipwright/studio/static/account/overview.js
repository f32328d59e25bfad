/** Balance, plan, usage and ledger. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { bytes, count, duration } from '../ui/format.js';
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
  concurrent_jobs: count,
  photo_longer_side: pixels,
  photo_realistic_seconds: duration,
  photo_prompted_seconds: duration,
  sync_longer_side: pixels,
  sync_frames: count,
  sync_modes: (modes) => modes.join(', '),
  upload_bytes: bytes,
  calls_per_10_seconds: count,
};
// No such grant says nothing; no such limit says that there is none.
const GRANTS = ['credits_once', 'credits_daily', 'credits_monthly'];

export function Overview() {
  const { value: account, error, again } = useLoaded('/v1/account');
  if (error && !account) return html`<${ErrorState} error=${error} retry=${again} />`;
  if (!account) return html`<${Loading} />`;
  return html`<div class="overview">
    <div class="overview-top">
      <section class="card figure-card"><h2>${t('account.balance')}</h2>
        ${account.plan.checks_balance ? html`<p class="figure tabular">${count(account.credits)}</p><p class="muted small">${t('account.balanceWord')}</p>`
          : html`<p class="figure">${t('account.balanceUnlimitedTitle')}</p>
            <p class="muted small">${t('account.balanceUnlimited', { credits: count(Math.max(0, -account.credits)) })}</p>`}
      </section>
      <section class="card"><h2>${t('account.plan')}: <span class="plan-name">${account.plan.name}</span></h2>
        <${Limits} plan=${account.plan} /></section>
    </div>
    <${Usage} />
    <${Ledger} />
  </div>`;
}

function Limits({ plan }) {
  const rows = Object.entries(LIMITS)
    .filter(([key]) => plan[key] !== undefined && !(GRANTS.includes(key) && !plan[key]))
    .map(([key, say]) => [key, plan[key] === null ? t('account.limitNone') : say(plan[key])]);
  return html`<dl class="limits">${rows.map(([key, value]) => html`<div key=${key}><dt>${t(`account.limit_${key}`)}</dt>
    <dd class="tabular">${value}</dd></div>`)}</dl>`;
}
