/** One video: while it is made, when it is done, and when it failed. */

import { html } from '../lib.js';
import { t } from '../texts.js';
import { Link, useTitle } from '../router.js';
import { loadStyles } from '../ui/load-styles.js';
import { Empty, ErrorState, Loading, Note } from '../ui/states.js';
import { Icon } from '../ui/icons.js';
import { Result } from '../player/result.js';
import { Name } from '../player/name.js';
import { ago, when } from '../ui/format.js';
import { Canceled, Failed } from './ended.js';
import { useProject } from './follow.js';
import { Making } from './making.js';
import { badgeOf, isFinal, kindOf, nameOf, statusOf } from './project.js';

await loadStyles(new URL('./watch.css', import.meta.url));

/** @param {{ id: string }} props */
export function WatchPage({ id }) {
  const { project, setProject, error, connected, preview, again } = useProject(id);
  useTitle(titleOf(project));
  const isGone = project ? project.enabled === false : /** @type {any} */ (error)?.status === 404;
  if (isGone) {
    return html`<${Empty} top icon="search" title=${t('watch.goneTitle')} text=${t('watch.goneText')}
      action=${html`<${Link} href="/library" class="button">${t('watch.toLibrary')}<//>`} />`;
  }
  if (!project && error) return html`<${ErrorState} top error=${error} retry=${again} />`;
  if (!project) return html`<${Loading} />`;
  return html`<article class="watch">
    <header class="watch-head">
      <${Link} href="/library" class="watch-back"><${Icon} name="left" size=${18} />${t('watch.back')}<//>
      <${Name} project=${project} onChange=${setProject} />
      <p class="watch-about"><span class=${`badge ${badgeOf(project)}`}>${statusOf(project)}</span>
        <span>${kindOf(project)}</span><span aria-hidden="true">·</span>
        <time datetime=${project.created_at} title=${when(project.created_at)}>${ago(project.created_at)}</time></p>
    </header>
    ${!connected && !isFinal(project) && html`<${Note} kind="warn" live>${t('watch.lost')}<//>`}
    <${Body} project=${project} preview=${preview} setProject=${setProject} again=${again} />
  </article>`;
}

function Body({ project, preview, setProject, again }) {
  if (project.status === 'complete') return html`<${Result} project=${project} onChange=${setProject} onExpired=${again} />`;
  if (project.status === 'error') return html`<${Failed} project=${project} />`;
  if (project.status === 'canceled') return html`<${Canceled} project=${project} />`;
  return html`<${Making} project=${project} preview=${preview} onChange=${setProject} />`;
}

/** Somebody who reads another page meanwhile sees in the tab how far it is. */
function titleOf(project) {
  if (!project) return t('watch.title');
  if (isFinal(project)) return nameOf(project);
  return `${Math.round(project.progress.fraction * 100)} % ${nameOf(project)}`;
}
