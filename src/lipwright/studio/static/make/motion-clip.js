/** A film of a person whom the picture moves like. */

import { acceptOf } from '../media-files.js';
import { html, useEffect, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';
import { FileButton } from './file-button.js';
import { SendingLine } from './sending-line.js';
import { refusal, send } from './uploading.js';

/**
 * @typedef {{ name: string, file: File | null, sending: import('./uploading.js').Sending | null }} Clip
 * @param {{ clip: Clip | null, onChange: (change: (clip: Clip | null) => Clip | null) => void }} props
 */
export function MotionClip({ clip, onChange }) {
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const take = ([file]) => {
    const refused = refusal(file, ['video']);
    setProblem(refused);
    if (!refused) onChange(() => ({ name: file.name, file, sending: null }));
  };
  const file = clip?.file;
  const begin = () => file && send(file, (sending) => onChange((old) => (old?.file === file ? { ...old, sending } : old)), 'video');
  useEffect(() => (clip?.sending ? undefined : begin() || undefined), [file]);
  return html`<div class="stack-tight" role="group" aria-label=${t('make.motion')}>
    <span class="field-legend">${t('make.motion')}</span>
    ${clip ? html`<div class="file-line"><${Icon} name="video" /><div class="grow file-name">${clip.name}</div>
        <${Button} kind="quiet" size="small" icon="trash" label=${t('make.removeMotion')} onClick=${() => onChange(() => null)} /></div>
      <${SendingLine} sending=${clip.sending} onRetry=${begin} />`
    : html`<div><${FileButton} size="small" icon="video" name="motion" accept=${acceptOf('video')} onFiles=${take}>${t('make.chooseMotion')}<//></div>`}
    ${problem && html`<${Note} kind="danger" live>${problem}<//>`}
    <p class="hint">${t('make.motionHint')}</p>
  </div>`;
}
