/** Words for mood and motion, as chips over a line that can also be typed. */

import { html, useMemo, useState } from '../lib.js';
import { t } from '../texts.js';
import { TextField } from '../ui/field.js';
import { useList } from './asked-once.js';

const SHOWN_AT_FIRST = 12;

/** @param {string} prompt */
const partsOf = (prompt) => prompt.split(',').map((part) => part.trim()).filter(Boolean);
/** The word of a part such as "happy:0.4". @param {string} part */
const wordOf = (part) => part.split(':')[0].trim().toLowerCase();

/** A prompt with a word more, or without it. @param {string} prompt @param {string} word */
export function withWord(prompt, word) {
  const parts = partsOf(prompt);
  const rest = parts.filter((part) => wordOf(part) !== word.toLowerCase());
  return (rest.length < parts.length ? rest : [...parts, word]).join(', ');
}

/** @param {{ prompt: string, onInput: (prompt: string) => void }} props */
export function PromptWords({ prompt, onInput }) {
  const { items: words } = useList('/v1/prompt-words');
  const [all, setAll] = useState(false);
  const said = new Set(partsOf(prompt).map(wordOf));
  const groups = useMemo(() => {
    const byGroup = new Map();
    for (const one of words ?? []) byGroup.set(one.group ?? '', [...(byGroup.get(one.group ?? '') ?? []), one]);
    return [...byGroup];
  }, [words]);
  const chip = (one) => html`<button type="button" class="chip" key=${one.word} title=${one.sentence}
    aria-pressed=${said.has(one.word.toLowerCase())} onClick=${() => onInput(withWord(prompt, one.word))}>${one.word}</button>`;
  const sentence = words?.filter((one) => said.has(one.word.toLowerCase())).map((one) => one.sentence).join(' ');
  return html`<div class="stack-tight">
    <${TextField} label=${t('make.prompt')} value=${prompt} onInput=${onInput} placeholder=${t('make.promptExample')} hint=${sentence || t('make.promptHint')} />
    ${words && !all && html`<div class="chips" role="group" aria-label=${t('make.promptWords')}>${words.slice(0, SHOWN_AT_FIRST).map(chip)}
      <button type="button" class="chip chip--more" onClick=${() => setAll(true)}>${t('make.allWords', { count: words.length })}</button></div>`}
    ${words && all && groups.map(([group, members]) => html`<div class="stack-tight" key=${group} role="group" aria-label=${group}>
      <span class="small muted">${group}</span><div class="chips">${members.map(chip)}</div></div>`)}
  </div>`;
}
