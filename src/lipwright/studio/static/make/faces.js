/** The faces that the server found, as boxes over the picture; who speaks is clicked. */

import { classes, html } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';

/**
 * @typedef {{ box: [number, number, number, number], usable: boolean, reason: string | null, score: number }} Face
 *   box: left, top, right, bottom as shares of the picture
 * @typedef {{ state: 'asking' | 'found' | 'failed', faces: Face[], reason: string | null }} Faces
 */

/** @type {Faces} */
export const ASKING = { state: 'asking', faces: [], reason: null };

/** The face that speaks unless another is clicked: the largest that can. @param {Face[]} faces @returns {number | null} */
export function firstChoice(faces) {
  const area = ({ box: [left, top, right, bottom] }) => (right - left) * (bottom - top);
  let best = null;
  faces.forEach((face, index) => {
    if (face.usable && (best === null || area(face) > area(faces[best]))) best = index;
  });
  return best;
}

/** What the search says in words. @param {Faces | null} found */
export function facesProblem(found) {
  if (found?.state === 'failed') return found.reason;
  if (found?.state !== 'found') return null;
  if (!found.faces.length) return found.reason ?? t('make.noFace');
  if (found.faces.some((face) => face.usable)) return null;
  return found.faces[0].reason ?? found.reason ?? t('make.noUsableFace');
}

/**
 * Boxes over a picture; the parent has the picture's own proportions.
 * @param {{ found: Faces | null, chosen: number | null, onChoose: (index: number) => void, pressed?: (index: number) => boolean }} props
 */
export function FaceBoxes({ found, chosen, onChoose, pressed = (index) => index === chosen }) {
  if (found?.state !== 'found') return null;
  const percent = (share) => `${(share * 100).toFixed(2)}%`;
  return html`<div class="faces" role="group" aria-label=${t('make.whoSpeaks')}>
    ${found.faces.map((face, index) => {
      const [left, top, right, bottom] = face.box;
      const place = { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) };
      const is = pressed(index);
      const name = face.usable
        ? t(is ? 'make.faceSpeaks' : 'make.faceCanSpeak', { number: index + 1 })
        : t('make.faceCannot', { number: index + 1, reason: face.reason ?? '' });
      return html`<button type="button" key=${index} class=${classes('face-box', !face.usable && 'face-box--no')} style=${place}
        aria-label=${name} title=${name} aria-pressed=${is} aria-disabled=${face.usable ? undefined : 'true'}
        onClick=${() => face.usable && onChoose(index)}>
        <span class="face-tag">${face.usable ? (is ? html`<${Icon} name="sound" size=${14} />` : index + 1) : html`<${Icon} name="close" size=${14} />`}</span>
      </button>`;
    })}
  </div>`;
}

/** What was found, in a sentence. @param {{ found: Faces | null, chosen: number | 'all' | null, onRetry: () => void }} props */
export function FacesSentence({ found, chosen, onRetry }) {
  if (!found) return null;
  if (found.state === 'asking') return html`<div class="searching" role="status"><span class="spinner"></span>${t('make.searching')}</div>`;
  const problem = facesProblem(found);
  if (found.state === 'failed') {
    return html`<${Note} kind="danger" live>${problem}
      <div><${Button} size="small" icon="again" onClick=${onRetry}>${t('shell.tryAgain')}<//></div><//>`;
  }
  if (problem) return html`<${Note} kind="danger" live>${problem} ${t('make.anotherPicture')}<//>`;
  const usable = found.faces.filter((face) => face.usable).length;
  const refused = found.faces.find((face) => !face.usable)?.reason;
  return html`<p class="small muted" role="status">${usable === 1 && found.faces.length === 1 ? t('make.oneFace')
    : chosen === 'all' || chosen === null ? t('make.countFaces', { count: found.faces.length })
    : t('make.someFaces', { count: found.faces.length, number: chosen + 1 })}
    ${refused && html` ${t('make.oneRefused', { reason: refused })}`}</p>`;
}
