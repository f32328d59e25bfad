/** A secret that is shown once: it stays until somebody says that it is kept. */

import { html, useState } from '../lib.js';
import { copyText } from '../player/copy.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Note } from '../ui/states.js';

/** @param {{ title: string, text: string, secret: string, onDone: () => void }} props */
export function ShownOnce({ title, text, secret, onDone }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(secret, t('account.keysCopied')));
  return html`<${Dialog} title=${title} onClose=${onDone} actions=${html`<${Button} kind="primary" onClick=${onDone}>${t('account.keysDone')}<//>`}>
    <${Note} kind="warn">${text}<//>
    <div class="secret"><code>${secret}</code>
      <${Button} icon=${copied ? 'check' : 'copy'} onClick=${copy}>${t(copied ? 'account.keysCopied' : 'account.keysCopy')}<//></div>
  <//>`;
}
