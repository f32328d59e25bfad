/** Short messages at the foot of the page, read aloud, with one thing to do. */

import { html, store, useStore } from '../lib.js';
import { t } from '../texts.js';
import { Button } from './button.js';

const SHOWN_S = 6;

/** @typedef {{ id: number, text: string, action?: { label: string, onClick: () => void } }} Message */
const messages = store(/** @type {Message[]} */ ([]));
let lastId = 0;

const remove = (id) => messages.update((all) => all.filter((one) => one.id !== id));

/**
 * Show a message.
 * @param {string} text
 * @param {{ action?: { label: string, onClick: () => void }, seconds?: number }} [options]
 * @returns {() => void} takes it away
 */
export function toast(text, { action, seconds = SHOWN_S } = {}) {
  lastId += 1;
  const id = lastId;
  messages.update((all) => [...all.slice(-2), { id, text, action }]);
  if (seconds) setTimeout(() => remove(id), seconds * 1000);
  return () => remove(id);
}

/** Where messages appear; the frame of the page draws it once. */
export function Toasts() {
  const all = useStore(messages);
  const act = (one) => {
    remove(one.id);
    one.action.onClick();
  };
  return html`<div class="toasts" role="region" aria-label=${t('shell.notifications')}><div role="status" class="stack-tight">
    ${all.map((one) => html`<div class="toast" key=${one.id}><span class="grow">${one.text}</span>
      ${one.action && html`<${Button} size="small" onClick=${() => act(one)}>${one.action.label}<//>`}
      <${Button} size="small" icon="close" label=${t('shell.close')} onClick=${() => remove(one.id)} />
    </div>`)}
  </div></div>`;
}
