/** Where pictures are put, and the one that is looked at, large, with its faces. */

import { acceptOf } from '../media-files.js';
import { html, useEffect, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { useTakenFocus } from '../ui/take-focus.js';
import { CameraDialog } from './camera.js';
import { FaceBoxes, FacesSentence, facesProblem, firstChoice } from './faces.js';
import { FileButton } from './file-button.js';
import { SendingLine } from './sending-line.js';

const ACCEPT = acceptOf('image');

/** @param {{ over: boolean, busy: boolean, onFiles: (files: File[]) => void, onSample: () => void }} props over: files are held over the page */
export function EmptyStage({ over, busy, onFiles, onSample }) {
  const [camera, setCamera] = useState(false);
  return html`<div class=${over ? 'drop over' : 'drop'}>
    <div class="drop-mark"><${Icon} name="picture" size=${44} /></div>
    <h2>${t('make.dropPicture')}</h2>
    <p class="muted">${t('make.dropPictureHint')}</p>
    <div class="row drop-actions">
      <${FileButton} kind="primary" icon="upload" name="picture" accept=${ACCEPT} multiple onFiles=${onFiles}>${t('make.choosePicture')}<//>
      <${Button} icon="camera" onClick=${() => setCamera(true)}>${t('make.camera')}<//>
    </div>
    <div class="sample"><span class="muted">${t('make.orSample')}</span>
      <${Button} kind="quiet" icon="spark" busy=${busy} onClick=${onSample}>${t('make.trySample')}<//></div>
    ${camera && html`<${CameraDialog} onPicture=${(file) => onFiles([file])} onClose=${() => setCamera(false)} />`}
  </div>`;
}

function Thumbnail({ picture, chosen, onChoose, onRemove }) {
  const failed = picture.sending?.state === 'failed' || facesProblem(picture.found);
  const busy = !failed && picture.found?.state !== 'found';
  const name = failed ? t('make.pictureFailed', { name: picture.name }) : picture.name;
  return html`<li class="thumbnail">
    <button type="button" class="thumbnail-pick" aria-pressed=${chosen} aria-label=${name} title=${name} onClick=${onChoose}>
      ${picture.url ? html`<img src=${picture.url} alt="" />` : html`<${Icon} name="picture" />`}
      ${busy && html`<span class="thumbnail-mark"><span class="spinner"></span></span>`}
      ${failed && html`<span class="thumbnail-mark bad"><${Icon} name="warning" size=${18} /></span>`}
    </button>
    <${Button} class="thumbnail-remove" size="small" icon="close" label=${t('make.removePicture', { name: picture.name })} onClick=${onRemove} />
  </li>`;
}

/**
 * @param {{ pictures: import('./pictures.js').Picture[], shown: import('./pictures.js').Picture, set: any, over: boolean,
 *   onShow: (id: number) => void, onFiles: (files: File[]) => void }} props
 */
export function PictureStage({ pictures, shown, set, over, onShow, onFiles }) {
  const stage = useTakenFocus();
  const [camera, setCamera] = useState(false);
  useEffect(() => {
    if (shown.undrawn && !shown.url && shown.sending?.filePath) set.undrawn({ ...shown, undrawn: false });
  }, [shown.sending?.filePath]);
  const many = pictures.length > 1;
  return html`<div class="stack">
    <div class=${over ? 'stage over' : 'stage'} ref=${stage} tabindex="-1">
      ${shown.url ? html`<div class="stage-picture"><img src=${shown.url} alt=${shown.name} onError=${() => set.undrawn(shown)} />
          <${FaceBoxes} found=${shown.found} chosen=${shown.face} pressed=${(face) => (shown.face === 'all' ? shown.found.faces[face].usable : face === shown.face)}
            onChoose=${(face) => set.change(shown.id, { face })} /></div>`
        : html`<div class="stage-blank"><${Icon} name="picture" size=${40} /><span>${shown.name}</span></div>`}
    </div>
    <${SendingLine} sending=${shown.sending} onRetry=${() => set.retry(shown)} />
    <${FacesSentence} found=${shown.found} chosen=${shown.face} onRetry=${() => set.retry(shown)} />
    ${(shown.found?.faces ?? []).filter((face) => face.usable).length > 1 && html`<div><button type="button" class="chip" aria-pressed=${shown.face === 'all'}
      onClick=${() => set.change(shown.id, { face: shown.face === 'all' ? firstChoice(shown.found.faces) : 'all' })}>${t('make.everyoneSpeaks')}</button></div>`}
    ${many && html`<ul class="thumbnails" aria-label=${t('make.pictures')}>
      ${pictures.map((one) => html`<${Thumbnail} key=${one.id} picture=${one} chosen=${one.id === shown.id}
        onChoose=${() => onShow(one.id)} onRemove=${() => set.remove(one.id)} />`)}</ul>
      <p class="small muted">${t('make.manyPictures', { count: pictures.length })}</p>`}
    <div class="row">
      <${FileButton} size="small" icon="plus" name="picture" accept=${ACCEPT} multiple onFiles=${onFiles}>${t('make.morePictures')}<//>
      <${Button} size="small" icon="camera" onClick=${() => setCamera(true)}>${t('make.camera')}<//>
      ${!many && html`<${Button} class="at-end" size="small" kind="quiet" icon="trash" label=${t('make.removePicture', { name: shown.name })}
        onClick=${() => set.remove(shown.id)} />`}
    </div>
    ${camera && html`<${CameraDialog} onPicture=${(file) => onFiles([file])} onClose=${() => setCamera(false)} />`}
  </div>`;
}
