/** A window over the page. The browser keeps the keyboard inside and gives it back afterwards. */

import { classes, html, useEffect, useId, useRef } from '../lib.js';
import { t } from '../texts.js';
import { Button } from './button.js';

/**
 * Open while it is drawn.
 * @param {{ title: string, onClose: () => void, wide?: boolean, actions?: any, children: any }} props
 */
export function Dialog({ title, onClose, wide = false, actions, children }) {
  const frame = useRef(null);
  const heading = useId();
  useEffect(() => {
    const dialog = frame.current;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  const cancelled = (event) => {
    event.preventDefault();
    onClose();
  };
  const outside = (event) => event.target === frame.current && onClose();
  return html`<dialog ref=${frame} class=${classes('dialog', wide && 'wide-dialog')} aria-labelledby=${heading}
      onCancel=${cancelled} onMouseDown=${outside}>
    <div class="dialog-head"><h2 id=${heading}>${title}</h2>
      <${Button} kind="quiet" icon="close" label=${t('shell.close')} onClick=${onClose} /></div>
    <div class="dialog-body">${children}
      ${actions && html`<div class="dialog-foot">${actions}</div>`}</div>
  </dialog>`;
}
