/** The name of a video, as its heading, and a field to change it. */

import { api } from '../api.js';
import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { nameOf } from '../watch/project.js';

// As long as the API takes.
const NAME_CHARACTERS = 200;

export function Name({ project, onChange }) {
  const [edited, setEdited] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  const opener = useRef(null);
  const isOpen = edited !== null;
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) field.current?.select();
    else if (wasOpen.current) opener.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const save = async (event) => {
    event.preventDefault();
    const name = edited.trim();
    if (!name || name === project.name) return setEdited(null);
    setBusy(true);
    try {
      onChange(await api.patch(`/v1/video-projects/${project.id}`, { name }));
      setEdited(null);
      toast({ text: t('player.renamed') });
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
    }
    return setBusy(false);
  };
  if (!isOpen) {
    return html`<div class="name" ref=${opener}><h1>${nameOf(project)}</h1>
      <${Button} kind="quiet" size="small" icon="pencil" label=${t('player.rename')} onClick=${() => setEdited(nameOf(project))} /></div>`;
  }
  const leave = (event) => event.key === 'Escape' && setEdited(null);
  return html`<form class="name" onSubmit=${save} onKeyDown=${leave}>
    <h1 class="unseen">${nameOf(project)}</h1>
    <input class="input" ref=${field} aria-label=${t('player.renameLabel')} maxlength=${NAME_CHARACTERS} value=${edited}
      onInput=${(event) => setEdited(event.target.value)} />
    <${Button} kind="primary" type="submit" busy=${busy}>${t('player.renameSave')}<//>
    <${Button} kind="quiet" onClick=${() => setEdited(null)}>${t('player.renameCancel')}<//>
  </form>`;
}
