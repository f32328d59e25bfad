/** Short messages at the foot of the page, read aloud, with one thing to do. */

import { html, store, useStore } from '../lib.js';
import { t } from '../texts.js';
import { Button } from './button.js';
import { Icon } from './icons.js';

const SHOWN_S = 6;

/** @typedef {{ id: number, text: string, kind?: string, action?: { label: string, run: () => void } }} Message */
const messages = store(/** @type {Message[]} */ ([]));
let lastId = 0;

const remove = (id) => messages.update((all) => all.filter((one) => one.id !== id));

/**
 * Show a message.
 * @param {{ text: string, kind?: 'info' | 'danger', action?: { label: string, run: () => void }, seconds?: number }} message
 *   seconds: 0 keeps it until it is closed
 * @returns {() => void} takes it away
 */
export function toast({ text, kind, action, seconds = SHOWN_S }) {
  lastId += 1;
  const id = lastId;
  messages.update((all) => [...all.slice(-2), { id, text, kind, action }]);
  if (seconds) setTimeout(() => remove(id), seconds * 1000);
  return () => remove(id);
}

/** Where messages appear; the frame of the page draws it once. */
export function Toasts() {
  const all = useStore(messages);
  const act = (one) => {
    remove(one.id);
    one.action.run();
  };
  return html`<div class="toasts" role="region" aria-label=${t('shell.notifications')}><div role="status" class="stack-tight">
    ${all.map((one) => html`<div class="toast" key=${one.id}>${one.kind === 'danger' && html`<${Icon} name="error" size=${18} />`}<span class="grow">${one.text}</span>
      ${one.action && html`<${Button} size="small" onClick=${() => act(one)}>${one.action.label}<//>`}
      <${Button} size="small" icon="close" label=${t('shell.close')} onClick=${() => remove(one.id)} />
    </div>`)}
  </div></div>`;
}
