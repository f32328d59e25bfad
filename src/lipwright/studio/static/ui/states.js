/** A view that has nothing to show, cannot show it, or is not there yet; and notes. */

import { classes, html } from '../lib.js';
import { t } from '../texts.js';
import { Button } from './button.js';
import { Icon } from './icons.js';

/** Nothing here yet, and what to do about it. @param {{ icon?: string, title: string, text?: any, action?: any, top?: boolean }} props top: the view has no other heading */
export function Empty({ icon = 'spark', title, text, action, top = false }) {
  const Heading = top ? 'h1' : 'h2';
  return html`<div class="state"><div class="state-mark"><${Icon} name=${icon} size=${40} /></div>
    <${Heading}>${title}<//>${text && html`<p>${text}</p>`}${action}</div>`;
}

/** It went wrong, why, and once more. @param {{ error: Error, retry?: () => void, title?: string, top?: boolean }} props */
export function ErrorState({ error, retry, title, top = false }) {
  const Heading = top ? 'h1' : 'h2';
  return html`<div class="state failed" role="alert"><div class="state-mark"><${Icon} name="warning" size=${40} /></div>
    <${Heading}>${title ?? t('shell.viewFailed')}<//><p>${error.message}</p>
    ${retry && html`<${Button} icon="again" onClick=${retry}>${t('shell.tryAgain')}<//>`}</div>`;
}

/** On its way. */
export function Loading({ label = t('shell.loading') }) {
  return html`<div class="state" role="status"><span class="spinner" aria-hidden="true"></span><span class="muted">${label}</span></div>`;
}

const NOTE_ICONS = { info: 'info', warn: 'warning', danger: 'error', good: 'check' };

/** A remark beside what it is about. @param {{ kind?: 'info' | 'warn' | 'danger' | 'good', live?: boolean, children: any }} props */
export function Note({ kind = 'info', live = false, children }) {
  return html`<div class=${classes('note', kind !== 'info' && kind)} role=${live ? (kind === 'danger' ? 'alert' : 'status') : undefined}>
    <${Icon} name=${NOTE_ICONS[kind]} size=${18} /><div>${children}</div></div>`;
}
