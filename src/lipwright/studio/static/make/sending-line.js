/** One line about an upload: how far, that it is tried again, or why it failed. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Progress } from '../ui/progress.js';
import { Note } from '../ui/states.js';

/** @param {{ sending: import('./uploading.js').Sending | null, onRetry: () => void }} props */
export function SendingLine({ sending, onRetry }) {
  if (!sending || sending.state === 'stored') return null;
  if (sending.state === 'failed') {
    return html`<${Note} kind="danger" live>${sending.message}
      <div><${Button} size="small" icon="again" onClick=${onRetry}>${t('shell.tryAgain')}<//></div><//>`;
  }
  const label = sending.attempt ? t('make.sendingAgain', { attempt: sending.attempt + 1 }) : t('make.sending');
  return html`<${Progress} label=${label} fraction=${sending.fraction} />`;
}
