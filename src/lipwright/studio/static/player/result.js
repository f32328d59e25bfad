/** A finished video: the player, what to do with it, what is known of it, and the same by program. */

import { api } from '../api.js';
import { html, useEffect, useState } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { bytes, count, duration, when } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { loadStyles } from '../ui/load-styles.js';
import { againPath, lengthOf, local, nameOf } from '../watch/project.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { copyText } from './copy.js';
import { Code } from './code.js';
import { Player } from './player.js';
import { Remove } from './remove.js';
import { useSource } from './source.js';

await loadStyles(new URL('./player.css', import.meta.url));

// What the figures of `lipwright measure` are about, for people.
const FIGURES = {
  face_seen_share: 'figureFace', sync_offset_ms: 'figureTiming', sync_correlation: 'figureSync', sync_drift_ms: 'figureDrift',
  closure_share: 'figureClosure', silence_motion: 'figureRest', silence_gap: 'figureGap', opening_p95: 'figureMouth',
  head_speed: 'figureHead', blinks_per_minute: 'figureBlinks', brow_sd: 'figureBrows', gaze_sd: 'figureGaze',
};
const MARKS = { good: 'check', fair: 'info', poor: 'warning' };
const LOOKS = { good: 'good', fair: 'warn', poor: 'danger' };

/**
 * @param {{ project: import('../watch/project.js').Project, onChange: (project: any) => void,
 *   onExpired: () => void }} props
 */
export function Result({ project, onChange, onExpired }) {
  const ordered = useOrder(project.id);
  const source = useSource(project, ordered === 'missing' ? null : ordered);
  return html`<div class="result">
    <div class="result-main">
      <${Player} key=${project.id} project=${project} source=${source} onExpired=${onExpired} />
      <${Code} project=${project} ordered=${ordered} />
    </div>
    <aside class="result-side">
      <${Deeds} project=${project} />
      <${Warnings} warnings=${project.warnings} />
      <${Report} project=${project} onChange=${onChange} />
      <${Facts} project=${project} />
    </aside>
  </div>`;
}

/** What was ordered; 'missing' where it is not kept, null while it is not known. */
function useOrder(id) {
  const [ordered, setOrdered] = useState(null);
  useEffect(() => {
    const asked = new AbortController();
    setOrdered(null);
    api.get(`/v1/video-projects/${id}/order`, { signal: asked.signal })
      .then(setOrdered)
      .catch(() => !asked.signal.aborted && setOrdered('missing'));
    return () => asked.abort();
  }, [id]);
  return ordered;
}

function Deeds({ project }) {
  const [download] = project.downloads;
  const copy = () => copyText(download.url, t('player.linkCopied', { until: when(download.expires_at) }));
  return html`<div class="deeds">
    ${download && html`<a class="button button--primary button--wide" href=${local(download.url)} download=${`${fileName(project)}.mp4`}>
      <${Icon} name="download" />${t('player.download')}</a>`}
    <${Link} class="button" href=${againPath(project)}><${Icon} name="again" />${t('player.again')}<//>
    ${download && html`<${Button} icon="link" onClick=${copy}>${t('player.copyLink')}<//>`}
    <${Remove} project=${project} />
  </div>`;
}

/** A name that every system takes for a file. */
const fileName = (project) => nameOf(project).replace(/[\\/:*?"<>|\u0000-\u001f]+/g, ' ').trim().slice(0, 100) || 'video';

function Warnings({ warnings }) {
  if (!warnings?.length) return null;
  return html`<section class="card"><h2><${Icon} name="info" />${t('player.warnings')}</h2>
    <ul class="warnings">${warnings.map((one) => html`<li key=${one}>${one}</li>`)}</ul></section>`;
}

/** What was measured, in words; measuring takes about as long as the video, so it is asked for. */
function Report({ project, onChange }) {
  const [busy, setBusy] = useState(false);
  const measure = async () => {
    setBusy(true);
    try {
      onChange(await api.post(`/v1/video-projects/${project.id}/measure`));
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
    }
    setBusy(false);
  };
  const { report } = project;
  return html`<section class="card" aria-busy=${busy ? 'true' : 'false'}><h2><${Icon} name="face" />${t('player.report')}</h2>
    ${report?.length ? html`<ul class="report">${report.map((one) => html`<li key=${one.name}>
        <span class=${`report-mark ${LOOKS[one.verdict] ?? ''}`}><${Icon} name=${MARKS[one.verdict] ?? 'info'} size=${16} /></span>
        <div><p><strong>${FIGURES[one.name] ? t(`player.${FIGURES[one.name]}`) : one.name}</strong> <span class=${`badge ${LOOKS[one.verdict] ?? ''}`}>${t(`player.verdict_${one.verdict}`)}</span></p>
          <p class="small">${one.sentence}</p></div></li>`)}</ul>`
      : html`<p class="small muted">${t('player.reportAbout')}</p>
        <div><${Button} size="small" icon="spark" busy=${busy} onClick=${measure}>${t(busy ? 'player.measuring' : 'player.measure')}<//></div>`}
  </section>`;
}

function Facts({ project }) {
  const facts = [
    ['factSize', project.width > 0 ? `${project.width} × ${project.height}` : null],
    ['factLength', duration(lengthOf(project))],
    ['factRate', project.fps ? String(Math.round(project.fps * 100) / 100) : null],
    ['factBytes', project.size_bytes ? bytes(project.size_bytes) : null],
    ['factCredits', count(project.credits_charged)],
    ['factSeed', project.seed ?? null],
    ['factMade', when(project.created_at)],
  ].filter(([, value]) => value != null);
  return html`<section class="card"><h2><${Icon} name="list" />${t('player.facts')}</h2>
    <dl class="facts">${facts.map(([key, value]) => html`<div key=${key}><dt>${t(`player.${key}`)}</dt><dd class="tabular">${value}</dd></div>`)}</dl></section>`;
}
