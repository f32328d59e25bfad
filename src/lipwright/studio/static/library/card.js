/** One video in the library: its picture, which moves while it is pointed at, its name, its state. */

import { html, useRef, useState } from '../lib.js';
import { Link } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { ago, clock, when } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import { removeProject } from '../player/remove.js';
import { badgeOf, isFinal, isSync, kindOf, lengthOf, local, nameOf, statusOf } from '../watch/project.js';

/** @param {{ project: import('../watch/project.js').Project, onRemoved: (id: string) => void, onRestored: () => void }} props */
export function Card({ project, onRemoved, onRestored }) {
  const [moves, setMoves] = useState(false);
  const [busy, setBusy] = useState(false);
  const item = useRef(null);
  const name = nameOf(project);
  const start = () => {
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) setMoves(true);
  };
  const remove = async () => {
    setBusy(true);
    // The keyboard goes on at the neighbour, not at the top of the page.
    const next = item.current?.nextElementSibling ?? item.current?.previousElementSibling;
    try {
      await removeProject(project, onRestored);
      onRemoved(project.id);
      next?.querySelector('a')?.focus();
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
      setBusy(false);
    }
  };
  return html`<li class="video" ref=${item} onMouseEnter=${start} onMouseLeave=${() => setMoves(false)} onFocusIn=${start} onFocusOut=${() => setMoves(false)}>
    <${Link} href=${`/jobs/${project.id}`} class="video-link">
      <span class="video-picture"><${Picture} project=${project} moves=${moves} />
        ${project.status === 'complete' ? html`<span class="video-length tabular">${clock(lengthOf(project))}</span>`
          : html`<span class=${`badge ${badgeOf(project)} video-state`}>${statusOf(project)}</span>`}
        ${!isFinal(project) && html`<span class="video-bar"><span style=${{ width: `${Math.round(project.progress.fraction * 100)}%` }}></span></span>`}
      </span>
      <span class="video-name">${name}</span>
    <//>
    <p class="video-about"><span>${kindOf(project)}</span><span aria-hidden="true">·</span>
      <time datetime=${project.created_at} title=${when(project.created_at)}>${ago(project.created_at)}</time></p>
    <${Button} kind="quiet" size="small" icon="trash" class="video-delete" busy=${busy} label=${t('library.delete', { name })} onClick=${remove} />
  </li>`;
}

function Picture({ project, moves }) {
  const poster = local(project.poster_url);
  const moving = local(project.hover_url) ?? local(project.downloads?.[0]?.url);
  if (moves && moving && project.status === 'complete') {
    return html`<video src=${moving} poster=${poster ?? undefined} muted autoplay loop playsinline tabindex="-1" aria-hidden="true"></video>`;
  }
  if (poster) return html`<img src=${poster} alt="" loading="lazy" decoding="async" />`;
  return html`<${Icon} name=${project.status === 'error' ? 'warning' : isSync(project) ? 'video' : 'face'} size=${36} />`;
}
