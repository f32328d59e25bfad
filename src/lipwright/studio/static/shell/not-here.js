/** An address that is no page. */

import { html } from '../lib.js';
import { Link, useTitle } from '../router.js';
import { t } from '../texts.js';
import { Empty } from '../ui/states.js';

export function NotHere() {
  useTitle(t('shell.notHere'));
  return html`<${Empty} icon="search" title=${t('shell.notHere')}
    action=${html`<${Link} href="/" class="button main">${t('shell.toStart')}<//>`}>${t('shell.notHereHint')}<//>`;
}
