/** What stands around every page: the name, the ways to go, the balance; at the foot on a phone. */

import { html, useEffect, useState, useStore } from '../lib.js';
import { Link } from '../router.js';
import { account, session, signOut } from '../session.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { count } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Mark } from '../ui/mark.js';
import { toast } from '../ui/toast.js';

const PLACES = [
  { href: '/make/photo', icon: 'picture', label: 'shell.photo', short: 'shell.photoShort' },
  { href: '/make/sync', icon: 'video', label: 'shell.sync', short: 'shell.sync' },
  { href: '/library', icon: 'library', label: 'shell.library', short: 'shell.library' },
  { href: '/account', icon: 'account', label: 'shell.account', short: 'shell.account' },
];

function Balance() {
  const known = useStore(account);
  if (!known || known.credits === undefined) return null;
  const counted = known.plan?.checks_balance ?? true;
  return html`<${Link} href="/account" class="balance tabular"><${Icon} name="coin" size=${18} />
    ${counted ? t('shell.credits', { credits: count(known.credits) }) : t('shell.unlimited')}<//>`;
}

function OfflineNote() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return html`<div role="status">${!online && html`<div class="offline"><${Icon} name="warning" size=${18} />${t('shell.offline')}</div>`}</div>`;
}

/** The dock of running jobs, once its module is there. */
function Dock() {
  const [QueueDock, setQueueDock] = useState(null);
  useEffect(() => {
    import('../watch/dock.js').then((module) => setQueueDock(() => module.QueueDock), console.warn);
  }, []);
  return QueueDock && html`<${QueueDock} />`;
}

/** @param {{ children: any }} props */
export function Frame({ children }) {
  const { account: owner } = useStore(session);
  const leave = () => signOut().catch((error) => toast({ text: error.message, kind: 'danger' }));
  return html`<a class="skip" href="#main">${t('shell.skip')}</a>
    <header class="top">
      <${Link} href="/" class="brand"><${Mark} size=${30} /><span>${t('shell.name')}</span><//>
      <nav class="places" aria-label=${t('shell.navigation')}>
        ${PLACES.map((one) => html`<${Link} key=${one.href} href=${one.href} class="place"><${Icon} name=${one.icon} size=${22} />
          <span class="long">${t(one.label)}</span><span class="short" aria-hidden="true">${t(one.short)}</span><//>`)}
      </nav>
      <div class="top-end"><${Balance} />
        <span class="owner" title=${owner?.name}>${owner?.name}</span>
        <${Button} kind="quiet" icon="out" label=${t('shell.signOut')} onClick=${leave} /></div>
    </header>
    <${OfflineNote} />
    ${children}
    <${Dock} />`;
}
