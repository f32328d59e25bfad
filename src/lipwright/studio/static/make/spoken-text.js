/** A text and who speaks it, to be heard before it is used. */

import { api } from '../api.js';
import { html, useEffect, useMemo, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Select, TextArea } from '../ui/field.js';
import { count } from '../ui/format.js';
import { Note } from '../ui/states.js';
import { useList } from './asked-once.js';

// The longest text that POST /v1/voice-samples speaks.
const SAMPLE_CHARACTERS = 200;

const languages = new Intl.DisplayNames('en', { type: 'language' });

/** "en-us" → "American English". @param {string} tag */
function languageName(tag) {
  try {
    return languages.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** What tells a voice from others of its language: "American English, female, embedded" → "female, embedded". */
function timbre({ name, id }) {
  const words = name?.split(', ').slice(1).join(', ') || name || id;
  return words[0].toUpperCase() + words.slice(1);
}

/** The beginning of a text, cut between words. @param {string} text */
function beginning(text) {
  const all = text.trim().replace(/\s+/g, ' ');
  if (all.length <= SAMPLE_CHARACTERS) return all;
  const cut = all.slice(0, SAMPLE_CHARACTERS);
  return cut.slice(0, cut.lastIndexOf(' ') > 0 ? cut.lastIndexOf(' ') : SAMPLE_CHARACTERS);
}

/** @param {{ text: string, voice: string, onChange: (patch: { text?: string, voice?: string }) => void }} props */
export function SpokenText({ text, voice, onChange }) {
  const { items, error, again } = useList('/v1/voices');
  const voices = useMemo(() => items?.filter((one) => one.available) ?? null, [items]);
  const [state, setState] = useState(/** @type {'still' | 'asking' | 'playing'} */ ('still'));
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const player = useRef(/** @type {HTMLAudioElement | null} */ (null));
  const byLanguage = useMemo(() => {
    const groups = new Map();
    for (const one of voices ?? []) groups.set(one.language, [...(groups.get(one.language) ?? []), one]);
    return [...groups].sort((one, other) => languageName(one[0]).localeCompare(languageName(other[0])));
  }, [voices]);
  const chosen = voices?.find((one) => one.id === voice);
  const language = chosen?.language;

  const quiet = () => {
    player.current?.pause();
    if (player.current) URL.revokeObjectURL(player.current.src);
    player.current = null;
    setState('still');
  };
  useEffect(() => quiet, []);
  useEffect(() => {
    if (!voices?.length || chosen) return;
    const own = voices.find((one) => one.language.startsWith(navigator.language.toLowerCase().slice(0, 2)));
    onChange({ voice: (own ?? voices[0]).id });
  }, [voices, voice]);

  const hear = async () => {
    if (state === 'playing') return quiet();
    setState('asking');
    setProblem(null);
    try {
      const body = { text: beginning(text) || t('make.voiceSample'), voice };
      const answer = await api.post('/v1/voice-samples', body, { raw: true });
      const sound = new Audio(URL.createObjectURL(await answer.blob()));
      player.current = sound;
      sound.onended = quiet;
      await sound.play();
      setState('playing');
    } catch (failure) {
      quiet();
      setProblem(failure.message);
    }
    return undefined;
  };
  const pickLanguage = (next) => onChange({ voice: byLanguage.find(([tag]) => tag === next)[1][0].id });

  if (error) {
    return html`<${Note} kind="danger" live>${error.message} <${Button} size="small" icon="again" onClick=${again}>${t('shell.tryAgain')}<//><//>`;
  }
  if (voices && !voices.length) return html`<${Note} kind="warn">${t('make.noVoices')}<//>`;
  return html`<div class="stack">
    <${TextArea} label=${t('make.words')} value=${text} onInput=${(value) => onChange({ text: value })} rows="4"
      placeholder=${t('make.wordsExample')} hint=${text ? t('make.characters', { count: count(text.length) }) : t('make.wordsHint')} />
    <div class="two-fields">
      <${Select} label=${t('make.language')} value=${language ?? ''} onInput=${pickLanguage}
        options=${byLanguage.map(([tag]) => ({ value: tag, label: languageName(tag) }))} />
      <${Select} label=${t('make.voice')} value=${voice} onInput=${(value) => onChange({ voice: value })}
        options=${(byLanguage.find(([tag]) => tag === language)?.[1] ?? []).map((one) => ({ value: one.id, label: timbre(one) }))} />
    </div>
    <div class="row"><${Button} size="small" icon=${state === 'playing' ? 'stop' : 'play'} busy=${state === 'asking'} disabled=${!voice}
      onClick=${hear}>${state === 'playing' ? t('make.quiet') : t('make.hear')}<//>
      <span class="hint">${text.length > SAMPLE_CHARACTERS ? t('make.hearBeginning') : ''}</span></div>
    ${problem && html`<${Note} kind="danger" live>${problem}<//>`}
  </div>`;
}
