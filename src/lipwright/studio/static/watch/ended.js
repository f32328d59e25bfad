/** A video that failed or was canceled: why, and what to do now. */

import { html } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { Icon } from '../ui/icons.js';
import { Remove } from '../player/remove.js';
import { againPath } from './project.js';

// What helps, by the code of the error. Codes that are not named get the last.
const HELP = {
  no_source_face: 'picture', face_too_small: 'picture', face_cut_off: 'picture', face_turned_away: 'picture',
  no_such_face: 'picture', invalid_image_file: 'picture', invalid_image_path: 'picture',
  silent_sound: 'sound', invalid_audio_file: 'sound', invalid_audio_path: 'sound', invalid_transcript: 'sound',
  mouth_not_drawn: 'video', invalid_video_file: 'video', invalid_video_path: 'video',
  insufficient_credits: 'credits', unknown_error: 'internal', internal_error: 'internal', renderer_failed: 'internal',
};

export function Failed({ project }) {
  const { code, message } = project.error ?? { code: '', message: '' };
  return html`<section class="ended card" aria-labelledby="ended-title">
    <div class="ended-mark is-failed"><${Icon} name="warning" size=${36} /></div>
    <h2 id="ended-title">${t('watch.failedTitle')}</h2>
    <p class="ended-why">${message}</p>
    <div class="ended-help"><h3>${t('watch.failedHelp')}</h3><p>${t(`watch.help_${HELP[code] ?? 'other'}`)}</p></div>
    <p class="small muted">${!project.credits_charged && t('watch.failedCharge')} ${code && t('watch.failedCode', { code })}</p>
    <${WhatNow} project=${project} />
  </section>`;
}

export function Canceled({ project }) {
  return html`<section class="ended card" aria-labelledby="ended-title">
    <div class="ended-mark"><${Icon} name="stop" size=${36} /></div>
    <h2 id="ended-title">${t('watch.canceledTitle')}</h2>
    <p class="ended-why">${t('watch.canceledText')}</p>
    <${WhatNow} project=${project} />
  </section>`;
}

function WhatNow({ project }) {
  return html`<div class="row ended-actions">
    <${Link} href=${againPath(project)} class="button button--primary"><${Icon} name="again" />${t('watch.again')}<//>
    <${Remove} project=${project} />
  </div>`;
}
