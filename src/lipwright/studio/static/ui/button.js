/** A button: says what it does, and that it is at it. */

import { classes, html } from '../lib.js';
import { t } from '../texts.js';
import { Icon } from './icons.js';

/**
 * @param {{
 *   kind?: 'primary' | 'plain' | 'quiet' | 'danger', size?: 'small' | 'normal' | 'large', icon?: string, busy?: boolean,
 *   wide?: boolean, label?: string, type?: string, class?: string, children?: any, [rest: string]: any,
 * }} props label: the name of a button that shows an icon only
 */
export function Button({
  kind = 'plain', size = 'normal', icon, busy = false, wide = false, label, type = 'button', class: more, children, ...rest
}) {
  const look = classes(
    'button', kind !== 'plain' && `button--${kind}`, size !== 'normal' && `button--${size}`, wide && 'button--wide',
    label && !children && 'button--icon', more,
  );
  return html`<button type=${type} class=${look} aria-label=${label} title=${label} aria-busy=${busy ? 'true' : undefined}
    ...${rest} onClick=${busy ? undefined : rest.onClick}>
    ${busy ? html`<span class="spinner" role="img" aria-label=${t('shell.working')}></span>`
      : icon && html`<${Icon} name=${icon} size=${size === 'small' ? 18 : 20} />`}
    ${children}
  </button>`;
}
