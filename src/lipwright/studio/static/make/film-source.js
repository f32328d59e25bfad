/** Where the film of a lip sync comes from: a file, an address, or the library. */

import { acceptOf } from '../media-files.js';
import { html, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Icon } from '../ui/icons.js';
import { filmOfAddress, filmOfProject } from './film.js';
import { FileButton } from './file-button.js';
import { LibraryDialog } from './library-dialog.js';

/** @param {{ over: boolean, onFile: (files: File[]) => void, onFilm: (film: import('./film.js').Film) => void }} props */
export function FilmSource({ over, onFile, onFilm }) {
  const [library, setLibrary] = useState(false);
  const [asking, setAsking] = useState(false);
  const [address, setAddress] = useState('');
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const use = (event) => {
    event.preventDefault();
    const written = address.trim();
    if (!/^https?:\/\/[^\s/]+/i.test(written)) return setProblem(t('make.noAddress'));
    return onFilm(filmOfAddress(written));
  };
  return html`<div class=${over ? 'drop over' : 'drop'}>
    <div class="drop-mark"><${Icon} name="video" size=${44} /></div>
    <h2>${t('make.dropFilm')}</h2>
    <p class="muted">${t('make.dropFilmHint')}</p>
    <div class="row drop-actions">
      <${FileButton} kind="primary" icon="upload" name="film" accept=${acceptOf('video')} onFiles=${onFile}>${t('make.chooseFilm')}<//>
      <${Button} icon="library" onClick=${() => setLibrary(true)}>${t('make.fromLibrary')}<//>
      <${Button} icon="link" aria-expanded=${asking} onClick=${() => setAsking(!asking)}>${t('make.fromAddress')}<//>
    </div>
    ${asking && html`<form class="address" onSubmit=${use} novalidate>
      <${TextField} label=${t('make.address')} hint=${t('make.addressHint')} problem=${problem} type="url" inputmode="url" autocomplete="off"
        placeholder="https://" value=${address} onInput=${(value) => { setAddress(value); setProblem(null); }} autofocus />
      <${Button} type="submit">${t('make.useAddress')}<//></form>`}
    ${library && html`<${LibraryDialog} onClose=${() => setLibrary(false)} onProject=${(project, name) => onFilm(filmOfProject(project, name))} />`}
  </div>`;
}
