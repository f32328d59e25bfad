/** Whose words: a file, a recording, or a text that is spoken. */

import { acceptOf } from '../media-files.js';
import { html, useState } from '../lib.js';
import { t } from '../texts.js';
import { Choice } from '../ui/field.js';
import { Note } from '../ui/states.js';
import { FileButton } from './file-button.js';
import { Recorder } from './recorder.js';
import { SoundEditor, soundOfFile, soundOfOrder } from './sound.js';
import { SpokenText } from './spoken-text.js';
import { refusal } from './uploading.js';

/**
 * @typedef {{ way: 'file' | 'record' | 'text', file: import('./sound.js').Sound | null, record: import('./sound.js').Sound | null,
 *   text: string, voice: string }} Voice
 *   what was chosen in each way is kept while another way is looked at; voice: a name of GET /v1/voices
 */

/** @returns {Voice} */
export const noVoice = () => ({ way: 'file', file: null, record: null, text: '', voice: '' });

/** The sound that counts, null where a text does. @param {Voice} voice */
export const soundOf = (voice) => (voice.way === 'text' ? null : voice[voice.way]);

/** The assets of an order, null while something is missing. @param {Voice} voice */
export function voiceAssets(voice) {
  if (voice.way === 'text') {
    return voice.text.trim() && voice.voice ? { text: voice.text.trim(), voice: voice.voice } : null;
  }
  const sound = soundOf(voice);
  return sound?.sending?.filePath && sound.end > sound.start ? { audio_file_path: sound.sending.filePath } : null;
}

/** What a voice that was begun still lacks or waits for, as a sentence; null where it is whole, or not begun. @param {Voice} voice */
export function unfinished(voice) {
  if (voiceAssets(voice)) return null;
  if (voice.way === 'text') return voice.text.trim() ? t('make.needVoiceName') : null;
  const sound = soundOf(voice);
  if (!sound) return null;
  return t((sound.sending?.state ?? 'sending') === 'sending' ? 'make.waitSound' : 'make.mendSound');
}

/** The voice of an earlier order. @param {any} assets @param {number} [start] @param {number} [end] seconds @returns {Voice} */
export function voiceOfAssets(assets, start = 0, end = 0) {
  if (assets.text) return { ...noVoice(), way: 'text', text: assets.text, voice: assets.voice ?? '' };
  return assets.audio_file_path ? { ...noVoice(), file: soundOfOrder(assets.audio_file_path, start, end) } : noVoice();
}

/** A voice that is a file. @param {Voice} voice @param {File} file @returns {Voice} */
export const withFile = (voice, file) => ({ ...voice, way: 'file', file: soundOfFile(file) });

/**
 * @param {{ voice: Voice, onChange: (change: (voice: Voice) => Voice) => void, label?: string, ways?: ('file' | 'record' | 'text')[],
 *   cut?: boolean }} props cut: a part of a sound is sent as a file of its own
 */
export function VoicePicker({ voice, onChange, label = t('make.voiceWay'), ways = ['file', 'record', 'text'], cut = false }) {
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const { way } = voice;
  const changeSound = (change) => onChange((old) => (old[way] ? { ...old, [way]: change(old[way]) } : old));
  const remove = () => onChange((old) => ({ ...old, [way]: null }));
  const take = ([file]) => {
    const refused = refusal(file, ['audio', 'video']);
    setProblem(refused);
    if (!refused) onChange((old) => withFile(old, file));
  };
  const choose = (next) => {
    setProblem(null);
    onChange((old) => ({ ...old, way: next }));
  };
  const sound = soundOf(voice);
  const icons = { file: 'upload', record: 'microphone', text: 'text' };
  return html`<div class="stack">
    <${Choice} label=${label} hideLabel value=${way} onInput=${choose}
      options=${ways.map((one) => ({ value: one, label: t(`make.way_${one}`), icon: icons[one] }))} />
    ${problem && html`<${Note} kind="danger" live>${problem}<//>`}
    ${way === 'file' && !sound && html`<div class="small-drop"><p class="muted">${t('make.dropSound')}</p>
      <${FileButton} icon="upload" name="voice" accept=${acceptOf('audio', 'video')} onFiles=${take}>${t('make.chooseSound')}<//></div>`}
    ${way === 'record' && html`<${Recorder} again=${Boolean(sound)}
      onRecording=${(file, seconds) => onChange((old) => ({ ...old, record: soundOfFile(file, seconds) }))} />
      ${!sound && html`<p class="hint">${t('make.recordHint')}</p>`}`}
    ${sound && html`<${SoundEditor} key=${way} sound=${sound} label=${t('make.waveform', { name: sound.name })} cut=${cut} onChange=${changeSound} onRemove=${remove} />`}
    ${way === 'text' && html`<${SpokenText} text=${voice.text} voice=${voice.voice}
      onChange=${(patch) => onChange((old) => ({ ...old, ...patch }))} />`}
  </div>`;
}
