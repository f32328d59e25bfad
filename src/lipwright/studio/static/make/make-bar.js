/** The foot of a form: what it costs, how long it takes, what is missing, and the button. */

import { html, useEffect, useState, useStore } from '../lib.js';
import { account } from '../session.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { count, duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';

/**
 * @param {{ estimate: import('./estimate.js').Estimate, missing: string | null, failure: Error | null, busy: boolean, label: string,
 *   onMake: () => void }} props missing: what has to be given first
 */
export function MakeBar({ estimate, missing, failure, busy, label, onMake }) {
  const owner = useStore(account);
  const figures = estimate.state === 'known' || (estimate.state === 'asking' && estimate.seconds > 0);
  const problem = failure?.message ?? estimate.problem;
  const asking = estimate.state === 'asking';
  const waits = Boolean(missing) || Boolean(estimate.problem);
  // Pressed while the price is still asked for: the order goes out once it is known.
  const [pressed, setPressed] = useState(false);
  useEffect(() => {
    if (!pressed || asking) return;
    setPressed(false);
    if (!waits) onMake();
  }, [pressed, asking, waits]);
  return html`<section class="make-bar" aria-label=${t('make.price')}>
    ${(problem || estimate.limits.length > 0) && html`<div class="make-bar-notes">
      ${problem && html`<${Note} kind="danger" live>${problem}${(failure?.code === 'too_few_credits' || estimate.problemCode === 'insufficient_credits') && html` <a href="/account">${t('make.seeAccount')}</a>`}<//>`}
      ${!problem && estimate.limits.map((one) => html`<${Note} kind="warn" live key=${one.code}>${one.message}<//>`)}
    </div>`}
    <div class="make-bar-row">
      <div class="make-bar-figures" role="status" aria-busy=${estimate.state === 'asking'}>
        ${missing ? html`<span class="muted">${missing}</span>` : figures ? html`
          <span class="figure"><${Icon} name="coin" size=${18} /><strong class="tabular">${count(estimate.credits)}</strong> ${t('make.creditsWord')}</span>
          <span class="figure"><${Icon} name="clock" size=${18} />${t('make.about', { time: duration(estimate.seconds) })}</span>
          ${estimate.width && html`<span class="figure wide-only tabular">${estimate.width} × ${estimate.height}</span>`}
          ${owner?.plan?.checks_balance && html`<span class="figure wide-only muted">${t('make.balance', { count: count(owner.credits) })}</span>`}`
        : html`<span class="muted">${estimate.state === 'asking' ? t('make.pricing') : t('make.noPrice')}</span>`}
      </div>
      <${Button} kind="primary" size="large" icon="spark" busy=${busy || pressed} aria-disabled=${waits ? 'true' : undefined} onClick=${waits ? undefined : () => setPressed(true)}>${label}<//>
    </div>
  </section>`;
}
