/** How to do the same by program: one tab for each client, filled in with this order. */

import { html, useId, useMemo, useRef, useState } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';
import { copyText } from './copy.js';
import { snippets } from './snippets.js';

const NAMES = { curl: 'codeCurl', python: 'codePython', vendorPython: 'codeVendorPython', vendorNode: 'codeVendorNode', cli: 'codeCli' };

/** @param {{ ordered: import('./snippets.js').Ordered | 'missing' | null }} props */
export function Code({ ordered }) {
  if (!ordered) return null;
  return html`<section class="code card"><h2><${Icon} name="code" />${t('player.code')}</h2>
    ${ordered === 'missing' ? html`<p class="muted">${t('player.codeGone')}</p>` : html`<${Tabs} ordered=${ordered} />`}</section>`;
}

function Tabs({ ordered }) {
  const all = useMemo(() => snippets(ordered, location.origin), [ordered]);
  const [chosen, setChosen] = useState(all[0].id);
  const [copied, setCopied] = useState(/** @type {string | null} */ (null));
  const id = useId();
  const list = useRef(null);
  const shown = all.find((one) => one.id === chosen);
  const copy = async () => setCopied(await copyText(shown.text, t('player.codeCopied')) ? chosen : null);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (all.findIndex((one) => one.id === chosen) + step + all.length) % all.length;
    setChosen(all[next].id);
    list.current.children[next].focus();
  };
  return html`
    <p class="small muted">${t('player.codeText')} <${Link} href="/account/keys">${t('player.codeNeedsKey')}<//></p>
    <div class="code-tabs" role="tablist" aria-label=${t('player.codeTabs')} ref=${list} onKeyDown=${move}>
      ${all.map((one) => html`<button type="button" key=${one.id} role="tab" id=${`${id}-${one.id}`} class="code-tab"
        aria-selected=${one.id === chosen ? 'true' : 'false'} aria-controls=${`${id}-panel`} tabindex=${one.id === chosen ? 0 : -1}
        onClick=${() => setChosen(one.id)}>${t(`player.${NAMES[one.id]}`)}</button>`)}
    </div>
    <div class="code-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${chosen}`}>
      <${Button} size="small" icon=${copied === chosen ? 'check' : 'copy'} class="code-copy" onClick=${copy}>
        ${t(copied === chosen ? 'player.codeCopied' : 'player.codeCopy')}<//>
      <pre tabindex="0"><code>${shown.text}</code></pre>
    </div>
    ${shown.leftOut.length > 0 && html`<${Note} kind="warn">${t('player.codeLeftOut', { fields: shown.leftOut.join(', ') })}<//>`}`;
}
