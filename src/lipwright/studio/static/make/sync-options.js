/** How a lip sync is made, and what comes out. */

import { html, useStore } from '../lib.js';
import { account } from '../session.js';
import { t } from '../texts.js';
import { Check, Choice, Slider, TextArea, TextField } from '../ui/field.js';

const MODES = /** @type {const} */ (['lite', 'standard', 'pro']);
const RATES = ['15', '24', '25', '30'];

/**
 * @param {{ options: import('./sync-order.js').Options, onChange: (patch: Partial<import('./sync-order.js').Options>) => void, withTranscript: boolean }} props
 */
export function SyncOptions({ options, onChange, withTranscript }) {
  const plan = useStore(account)?.plan;
  const allowed = plan?.sync_modes ?? MODES;
  const modes = MODES.map((value) => ({
    value, label: t(`make.mode_${value}`), about: allowed.includes(value) ? t(`make.mode_${value}About`) : t('make.notInPlan'), disabled: !allowed.includes(value),
  }));
  return html`<div class="stack">
    <${Choice} label=${t('make.mode')} hideLabel cards value=${options.mode} options=${modes} onInput=${(mode) => onChange({ mode })} />
    <${Check} label=${t('make.loop')} hint=${t('make.loopHint')} checked=${options.loop} onInput=${(loop) => onChange({ loop })} />
    <${Check} label=${t('make.keepSound')} hint=${t('make.keepSoundHint')} checked=${options.keepSound} onInput=${(keepSound) => onChange({ keepSound })} />
    ${options.keepSound && html`<${Slider} label=${t('make.keepSoundLevel')} value=${options.keepSoundDb} min="-30" max="0" step="1"
      say=${(value) => `${value} dB`} onInput=${(keepSoundDb) => onChange({ keepSoundDb })} />`}
    <details class="more"><summary>${t('make.fine')}</summary><div class="stack more-body">
      <${Slider} label=${t('make.mouth')} value=${options.mouth} min="0" max="3" step="0.1" say=${(value) => `${value.toFixed(1)} ×`}
        onInput=${(mouth) => onChange({ mouth: Math.round(mouth * 10) / 10 })} />
      ${withTranscript && html`<${TextArea} label=${t('make.transcript')} hint=${t('make.transcriptHint')} rows="3" value=${options.transcript}
        onInput=${(transcript) => onChange({ transcript })} />`}
      <${TextField} label=${t('make.seed')} hint=${t('make.seedHint')} value=${options.seed} type="number" min="0" step="1" inputmode="numeric"
        placeholder="0" onInput=${(seed) => onChange({ seed: /^\d*$/.test(seed) ? seed : options.seed })} />
    </div></details>
    <div class="two-fields">
      <${TextField} label=${t('make.rate')} value=${options.rate} type="number" min="5" max="60" step="any" inputmode="decimal" list="make-rates"
        placeholder=${t('make.rateFilm')} onInput=${(rate) => onChange({ rate })} />
      <datalist id="make-rates">${RATES.map((rate) => html`<option key=${rate} value=${rate}></option>`)}</datalist>
      <${TextField} label=${t('make.name')} value=${options.name} placeholder=${t('make.nameExample')} maxlength="200" onInput=${(name) => onChange({ name })} />
    </div>
  </div>`;
}
