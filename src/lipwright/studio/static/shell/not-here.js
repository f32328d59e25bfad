/** An address that is no page. */

import { html } from '../lib.js';
import { Link, useTitle } from '../router.js';
import { t } from '../texts.js';
import { Empty } from '../ui/states.js';

export function NotHere() {
  useTitle(t('shell.notHere'));
  return html`<${Empty} top icon="search" title=${t('shell.notHere')} text=${t('shell.notHereHint')}
    action=${html`<${Link} href="/" class="button button--primary">${t('shell.toStart')}<//>`} />`;
}
