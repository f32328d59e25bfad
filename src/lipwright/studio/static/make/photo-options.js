/** How a talking photo moves, and what comes out. */

import { html, useStore } from '../lib.js';
import { account } from '../session.js';
import { t } from '../texts.js';
import { duration } from '../ui/format.js';
import { Choice, Select, Slider, TextArea, TextField } from '../ui/field.js';
import { MotionClip } from './motion-clip.js';
import { SCALES } from './photo-order.js';
import { PromptWords } from './prompt-words.js';

const MODES = /** @type {const} */ (['realistic', 'prompted']);
const times = (value) => `${value.toFixed(value % 0.1 > 0.001 && value % 0.1 < 0.099 ? 2 : 1)} ×`;

/**
 * @param {{ options: import('./photo-order.js').Options, onChange: (patch: Partial<import('./photo-order.js').Options>) => void,
 *   clip: import('./motion-clip.js').Clip | null, onClip: any, withTranscript: boolean, withPace: boolean }} props
 */
export function PhotoOptions({ options, onChange, clip, onClip, withTranscript, withPace }) {
  const plan = useStore(account)?.plan;
  const modes = MODES.map((value) => {
    const allowed = !plan?.photo_modes || plan.photo_modes.includes(value);
    const most = plan?.[`photo_${value}_seconds`];
    const about = [t(`make.${value}About`), most && t('make.upTo', { time: duration(most) })].filter(Boolean).join(' ');
    return { value, label: t(`make.${value}`), about: allowed ? about : t('make.notInPlan'), disabled: !allowed };
  });
  return html`<div class="stack">
    <${Choice} label=${t('make.mode')} hideLabel cards value=${options.mode} options=${modes} onInput=${(mode) => onChange({ mode })} />
    ${options.mode === 'prompted' && html`<${PromptWords} prompt=${options.prompt} onInput=${(prompt) => onChange({ prompt })} />
      <${Slider} label=${t('make.intensity')} hint=${t('make.intensityHint')} value=${options.intensity} min="0.1" max="2" step="0.1" say=${times}
        onInput=${(intensity) => onChange({ intensity: Math.round(intensity * 100) / 100 })} />`}
    <details class="more"><summary>${t('make.fine')}</summary><div class="stack more-body">
      ${withPace && html`<${Slider} label=${t('make.pace')} hint=${t('make.paceHint')} value=${options.pace} min="0.5" max="2" step="0.1" say=${times}
        onInput=${(pace) => onChange({ pace: Math.round(pace * 10) / 10 })} />`}
      <div class="sliders">${SCALES.map((name) => html`<${Slider} key=${name} label=${t(`make.${name}`)} value=${options[name]} min="0" max="3" step="0.1"
        say=${times} onInput=${(value) => onChange({ [name]: Math.round(value * 10) / 10 })} />`)}</div>
      <${MotionClip} clip=${clip} onChange=${onClip} />
      ${withTranscript && html`<${TextArea} label=${t('make.transcript')} hint=${t('make.transcriptHint')} rows="3" value=${options.transcript}
        onInput=${(transcript) => onChange({ transcript })} />`}
      <${TextField} label=${t('make.seed')} hint=${t('make.seedHint')} value=${options.seed} type="number" min="0" step="1"
        inputmode="numeric" placeholder="0" onInput=${(seed) => onChange({ seed: /^\d*$/.test(seed) ? seed : options.seed })} />
    </div></details>
    <div class="two-fields">
      <${Select} label=${t('make.resolution')} value=${options.resolution} onInput=${(resolution) => onChange({ resolution })}
        options=${[['', 'make.resolutionPlan'], ['480p', 'make.resolution480'], ['720p', 'make.resolution720']].map(([value, key]) => ({ value, label: t(key) }))} />
      <${TextField} label=${t('make.name')} value=${options.name} placeholder=${t('make.nameExample')} maxlength="200" onInput=${(name) => onChange({ name })} />
    </div>
  </div>`;
}
