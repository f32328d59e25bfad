/** A video that is being made: its newest frame, how far it is, and the way to stop it. */

import { api } from '../api.js';
import { html, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';
import { local } from './project.js';

const STAGES = ['reading', 'finding_face', 'listening', 'preparing', 'rendering', 'finishing'];
// Below this a number of seconds says no more than that it is nearly there.
const SOON_S = 1.5;

export function Making({ project, preview, onChange }) {
  const { fraction, stage } = project.progress;
  const isWaiting = project.status === 'queued';
  const percent = Math.round(fraction * 100);
  return html`<div class="making">
    <${Stage} project=${project} preview=${preview} />
    <section class="making-side card" aria-label=${t('watch.progressLabel')}>
      <div>
        <p class="making-percent tabular" aria-hidden="true">${isWaiting ? html`<${Icon} name="clock" size=${40} />` : html`${percent}<small>%</small>`}</p>
        <h2 class="making-now">${isWaiting ? t('watch.waitingTitle') : sayStage(stage)}</h2>
        <p class="muted">${isWaiting ? t('watch.waitingText') : sayTime(project.progress)}</p>
      </div>
      <div class="progress"><div class="track" role="progressbar" aria-label=${t('watch.progressLabel')}
        aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}>
        <div class="bar" style=${{ width: `${percent}%` }}></div></div></div>
      <${Steps} stage=${isWaiting ? null : stage} />
      ${!isWaiting && html`<p class="small muted">${t('watch.makingText')}</p>`}
      <${Cancel} project=${project} onChange=${onChange} />
      <${Spoken} percent=${percent} stage=${isWaiting ? t('watch.waitingTitle') : sayStage(stage)} />
    </section>
  </div>`;
}

/** The newest frame; before there is one, the picture that is to speak. */
function Stage({ project, preview }) {
  const src = preview?.src ?? local(project.poster_url);
  const ratio = project.width > 0 ? { aspectRatio: `${project.width} / ${project.height}` } : {};
  return html`<figure class="making-stage" style=${ratio}>
    ${src ? html`<img src=${src} alt=${t('watch.previewAlt')} class=${preview ? '' : 'is-before'} />`
      : html`<div class="making-none"><${Icon} name="face" size=${48} /><p>${t('watch.previewNone')}</p></div>`}
    ${preview?.frame !== undefined && preview?.frame !== null && html`<figcaption class="making-frame tabular">${t('watch.previewFrame', { frame: preview.frame + 1 })}</figcaption>`}
  </figure>`;
}

function Steps({ stage }) {
  const now = STAGES.indexOf(stage);
  return html`<ol class="steps" aria-label=${t('watch.stagesLabel')}>
    ${STAGES.map((one, index) => {
      const state = index < now ? 'done' : index === now ? 'now' : 'later';
      return html`<li key=${one} class=${`step is-${state}`} aria-current=${state === 'now' ? 'step' : undefined}>
        <span class="step-mark">${state === 'done' && html`<${Icon} name="check" size=${14} />`}</span>
        ${t(`watch.stage_${one}`)}${state === 'done' && html`<span class="unseen"> (${t('watch.stageDone')})</span>`}
      </li>`;
    })}
  </ol>`;
}

function Cancel({ project, onChange }) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const stop = async () => {
    setBusy(true);
    try {
      const now = await api.post(`/v1/video-projects/${project.id}/cancel`);
      setAsks(false);
      onChange(now);
    } catch (failed) {
      setError(failed);
    }
    setBusy(false);
  };
  return html`<div><${Button} icon="stop" onClick=${() => setAsks(true)}>${t('watch.cancel')}<//></div>
    ${asks && html`<${Dialog} title=${t('watch.cancelTitle')} onClose=${() => setAsks(false)} actions=${html`
      <${Button} onClick=${() => setAsks(false)}>${t('watch.cancelNo')}<//>
      <${Button} kind="danger" icon="stop" busy=${busy} onClick=${stop}>${t('watch.cancelYes')}<//>`}>
      <p>${t('watch.cancelText')}</p>${error && html`<${Note} kind="danger" live>${error.message}<//>`}<//>`}`;
}

/** What is read aloud: each stage and each tenth, as every percent would drown everything else. */
function Spoken({ percent, stage }) {
  const said = useRef('');
  const last = useRef('');
  const key = `${stage} ${Math.floor(percent / 10)}`;
  if (key !== last.current) {
    last.current = key;
    said.current = t('watch.progressSaid', { percent, stage });
  }
  return html`<p class="unseen" role="status">${said.current}</p>`;
}

const sayStage = (stage) => t(`watch.stage_${STAGES.includes(stage) ? stage : 'queued'}`);

function sayTime({ seconds_left: left }) {
  if (left === null || left === undefined) return t('watch.timeUnknown');
  return left < SOON_S ? t('watch.timeSoon') : t('watch.timeLeft', { time: duration(Math.round(left)) });
}
