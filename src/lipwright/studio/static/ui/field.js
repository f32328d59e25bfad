/** Fields with their label, their hint and what is wrong with them, tied together for screen readers. */

import { classes, html, useId } from '../lib.js';
import { Icon } from './icons.js';

/**
 * @param {{ label: string, hint?: any, problem?: string | null, hideLabel?: boolean, class?: string,
 *   children: (ids: { id: string, 'aria-describedby'?: string, 'aria-invalid'?: 'true' }) => any }} props
 *   children: draws the field with the attributes it is given
 */
export function Field({ label, hint, problem, hideLabel = false, class: more, children }) {
  const id = useId();
  const described = classes(hint && `${id}-hint`, problem && `${id}-problem`);
  return html`<div class=${classes('field', more)}>
    <label for=${id} class=${hideLabel ? 'unseen' : undefined}>${label}</label>
    ${children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? 'true' : undefined })}
    ${hint && html`<div class="hint" id=${`${id}-hint`}>${hint}</div>`}
    ${problem && html`<div class="problem" id=${`${id}-problem`} role="alert">
      <${Icon} name="error" size=${16} />${problem}</div>`}
  </div>`;
}

/** One line of text. @param {{ label: string, value: string, onInput: (value: string) => void, [rest: string]: any }} props */
export function TextField({ label, hint, problem, hideLabel, value, onInput, class: more, ...rest }) {
  return html`<${Field} label=${label} hint=${hint} problem=${problem} hideLabel=${hideLabel} class=${more}>
    ${(ids) => html`<input class="input" value=${value} onInput=${(event) => onInput(event.target.value)} ...${ids} ...${rest} />`}
  <//>`;
}

/** Several lines of text. */
export function TextArea({ label, hint, problem, hideLabel, value, onInput, ...rest }) {
  return html`<${Field} label=${label} hint=${hint} problem=${problem} hideLabel=${hideLabel}>
    ${(ids) => html`<textarea class="textarea" value=${value} onInput=${(event) => onInput(event.target.value)} ...${ids} ...${rest}></textarea>`}
  <//>`;
}

/** One of many. @param {{ label: string, value: string, onInput: (value: string) => void,
 *   options: { value: string, label: string, disabled?: boolean }[] }} props */
export function Select({ label, hint, problem, hideLabel, value, onInput, options, ...rest }) {
  return html`<${Field} label=${label} hint=${hint} problem=${problem} hideLabel=${hideLabel}>
    ${(ids) => html`<select class="select" value=${value} onChange=${(event) => onInput(event.target.value)} ...${ids} ...${rest}>
      ${options.map((one) => html`<option key=${one.value} value=${one.value} disabled=${one.disabled}
        selected=${one.value === value}>${one.label}</option>`)}
    </select>`}
  <//>`;
}

/** A number on a scale, with its value in words beside it. */
export function Slider({ label, value, onInput, min, max, step, say = String, hint }) {
  const id = useId();
  return html`<div class="slider-field">
    <div class="row-apart"><label for=${id}>${label}</label><output for=${id}>${say(value)}</output></div>
    <input class="slider" type="range" id=${id} min=${min} max=${max} step=${step} value=${value}
      aria-valuetext=${say(value)} aria-describedby=${hint ? `${id}-hint` : undefined}
      onInput=${(event) => onInput(Number(event.target.value))} />
    ${hint && html`<div class="hint" id=${`${id}-hint`}>${hint}</div>`}
  </div>`;
}

/** Yes or no. */
export function Check({ label, hint, checked, onInput, ...rest }) {
  const id = useId();
  return html`<div><label class="check"><input type="checkbox" checked=${checked} aria-describedby=${hint ? id : undefined}
    onChange=${(event) => onInput(event.target.checked)} ...${rest} /><span>${label}
    ${hint && html`<span class="hint" id=${id}><br />${hint}</span>`}</span></label></div>`;
}

/**
 * One of a few, all of them seen.
 * @param {{ label: string, value: string, onInput: (value: string) => void, hideLabel?: boolean, cards?: boolean,
 *   options: { value: string, label: string, about?: any, icon?: string, disabled?: boolean }[] }} props
 */
export function Choice({ label, value, onInput, options, hideLabel = false, cards = false }) {
  const name = useId();
  return html`<fieldset class="choice">
    <legend class=${hideLabel ? 'unseen' : 'field-legend'}>${label}</legend>
    <div class=${cards ? classes('choice-cards', options.length === 2 && 'choice-cards--pair')
      : classes('choice-options', options.length > 3 && 'choice-options--many')}>
      ${options.map((one) => html`<label key=${one.value}>
        <input type="radio" name=${name} value=${one.value} checked=${one.value === value} disabled=${one.disabled}
          onChange=${() => onInput(one.value)} />
        <span class="face">${one.icon && html`<${Icon} name=${one.icon} size=${18} />`}
          ${cards ? html`<strong>${one.label}</strong>` : one.label}
          ${one.about && html`<span class="small">${one.about}</span>`}</span>
      </label>`)}
    </div>
  </fieldset>`;
}
