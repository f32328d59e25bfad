/** Every credit that came and went. */

import { api } from '../api.js';
import { html, useState } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { count, when } from '../ui/format.js';
import { ErrorState, Loading } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { rowsOf, useLoaded } from './load.js';

// What the server notes, in the words of the page; an operator may have noted something else.
const NOTES = {
  'estimate held': 'ledgerHeld', 'more held': 'ledgerHeldMore', settled: 'ledgerSettled', refunded: 'ledgerRefunded',
  'granted by the plan': 'ledgerGranted',
};

export function Ledger() {
  const { value, error, again, setValue } = useLoaded('/v1/account/ledger');
  const [busy, setBusy] = useState(false);
  const more = async () => {
    setBusy(true);
    try {
      const next = await api.get(`/v1/account/ledger?cursor=${encodeURIComponent(value.next_cursor)}`);
      setValue({ ...next, items: [...rowsOf(value), ...rowsOf(next)] });
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
    }
    setBusy(false);
  };
  const rows = rowsOf(value);
  return html`<section class="ledger" aria-labelledby="ledger-title">
    <h2 id="ledger-title">${t('account.ledger')}</h2><p class="muted">${t('account.ledgerText')}</p>
    ${error ? html`<${ErrorState} error=${error} retry=${again} />` : !value ? html`<${Loading} />`
      : !rows.length ? html`<p class="card muted">${t('account.ledgerEmpty')}</p>`
        : html`<div class="table-frame"><table class="table">
          <thead><tr><th scope="col">${t('account.ledgerWhen')}</th><th scope="col">${t('account.ledgerWhat')}</th>
            <th scope="col" class="number">${t('account.ledgerCredits')}</th></tr></thead>
          <tbody>${rows.map((row) => html`<tr key=${row.id}><td class="tabular">${when(row.created_at)}</td><td><${What} row=${row} /></td>
            <td class=${`number ${row.credits > 0 ? 'is-plus' : ''}`}>${row.credits > 0 ? '+' : ''}${count(row.credits)}</td></tr>`)}</tbody>
        </table></div>`}
    ${value?.next_cursor && html`<div><${Button} busy=${busy} onClick=${more}>${t('account.ledgerMore')}<//></div>`}
  </section>`;
}

/** What a row is about; one of a video leads to it. */
function What({ row }) {
  const said = NOTES[row.note] ? t(`account.${NOTES[row.note]}`) : row.note || t('account.ledgerOther');
  return row.project_id ? html`<${Link} href=${`/jobs/${row.project_id}`}>${said}<//>` : said;
}
