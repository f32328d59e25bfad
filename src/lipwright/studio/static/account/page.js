/** The account: what there is to spend and what was spent, the keys, the webhooks. */

import { html } from '../lib.js';
import { Link, useTitle } from '../router.js';
import { t } from '../texts.js';
import { Icon } from '../ui/icons.js';
import { loadStyles } from '../ui/load-styles.js';
import { Keys } from './keys.js';
import { Overview } from './overview.js';
import { Webhooks } from './webhooks.js';

await loadStyles(new URL('./account.css', import.meta.url));

const PARTS = [
  { section: undefined, href: '/account', label: 'account.tabOverview', icon: 'coin', View: Overview },
  { section: 'keys', href: '/account/keys', label: 'account.tabKeys', icon: 'key', View: Keys },
  { section: 'webhooks', href: '/account/webhooks', label: 'account.tabWebhooks', icon: 'hook', View: Webhooks },
];

/** @param {{ section?: 'keys' | 'webhooks' }} props */
export function AccountPage({ section }) {
  const { label, View } = PARTS.find((one) => one.section === section) ?? PARTS[0];
  useTitle(section ? `${t(label)} · ${t('account.title')}` : t('account.title'));
  return html`<div class="account">
    <h1>${t('account.title')}</h1>
    <nav class="parts" aria-label=${t('account.tabsLabel')}>
      ${PARTS.map((one) => html`<${Link} key=${one.href} href=${one.href} class="part"><${Icon} name=${one.icon} size=${18} />${t(one.label)}<//>`)}
    </nav>
    <${View} />
  </div>`;
}
