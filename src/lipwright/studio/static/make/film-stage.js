/** The film, large: it plays, is cut on its strip, and shows whose faces are in it. */

import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { duration } from '../ui/format.js';
import { Icon } from '../ui/icons.js';
import { Note } from '../ui/states.js';
import { useTakenFocus } from '../ui/take-focus.js';
import { FaceBoxes, FacesSentence } from './faces.js';
import { useFilmFrames } from './film-frames.js';
import { FilmStrip } from './film-strip.js';
import { SendingLine } from './sending-line.js';
import { StretchFields } from './stretch-fields.js';

/** How far a picture may be from the moment of the faces that are drawn over it, seconds. */
const SAME_MOMENT_S = 0.06;

/** @param {{ set: ReturnType<typeof import('./film.js').useFilm>, film: import('./film.js').Film, chosen: number | null,
 *   onChoose: (face: number) => void, pressed?: (face: number) => boolean, onRemove: () => void }} props */
export function FilmStage({ set, film, chosen, onChoose, pressed, onRemove }) {
  const stage = useTakenFocus();
  const player = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const drawn = film.url && !film.undrawn;
  const ownFrames = useFilmFrames(drawn ? film.url : null);
  const frames = ownFrames.length ? ownFrames : (film.info?.strip ?? []).map((one) => one.url);

  // The picture stands where the faces were found, unless somebody plays.
  const facesAt = film.found?.at;
  useEffect(() => {
    if (player.current && !playing && facesAt !== undefined) player.current.currentTime = facesAt;
  }, [facesAt]);
  const moved = () => {
    const now = player.current.currentTime;
    setAt(now);
    if (playing && now >= film.end) player.current.pause();
  };
  const toggle = () => {
    const video = player.current;
    if (playing) return video.pause();
    if (video.currentTime < film.start || video.currentTime >= film.end - 0.05) video.currentTime = film.start;
    return video.play();
  };
  const cut = (start, end, which) => {
    set.change((old) => ({ ...old, start, end }));
    if (player.current && which) player.current.currentTime = which === 'end' ? end : start;
  };
  const measured = ({ target }) => Number.isFinite(target.duration) && set.measured(target.duration, target.videoWidth, target.videoHeight);
  const atFaces = facesAt !== undefined && !playing && (!drawn || Math.abs(at - facesAt) < SAME_MOMENT_S);
  const facts = [film.length && duration(film.length), film.width && `${film.width} × ${film.height}`,
    film.info?.frame_rate && t('make.framesPerSecond', { rate: Math.round(film.info.frame_rate * 100) / 100 })].filter(Boolean).join(' · ');
  return html`<div class="stack">
    <div class="stage stage--film" ref=${stage} tabindex="-1">
      ${drawn ? html`<div class="stage-picture"><video ref=${player} src=${film.url} poster=${film.info?.poster_url} playsinline preload="auto"
          aria-label=${film.name} onLoadedMetadata=${measured} onTimeUpdate=${moved} onSeeked=${moved} onPlay=${() => setPlaying(true)}
          onPause=${() => setPlaying(false)} onError=${set.undrawn}></video>
          ${atFaces && html`<${FaceBoxes} found=${film.found} chosen=${chosen} onChoose=${onChoose} pressed=${pressed} />`}</div>`
      : film.info?.poster_url ? html`<div class="stage-picture"><img src=${film.info.poster_url} alt=${film.name} />
          ${atFaces && html`<${FaceBoxes} found=${film.found} chosen=${chosen} onChoose=${onChoose} pressed=${pressed} />`}</div>`
      : html`<div class="stage-blank"><${Icon} name="video" size=${40} /><span>${film.name}</span></div>`}
    </div>
    <div class="file-line"><${Icon} name="video" /><div class="grow"><div class="file-name">${film.name}</div>
        <div class="small muted tabular">${facts}</div></div>
      <${Button} kind="quiet" size="small" icon="trash" label=${t('make.removeFilm')} onClick=${onRemove} /></div>
    <${SendingLine} sending=${film.sending} onRetry=${set.retry} />
    ${film.problem && html`<${Note} kind="danger" live>${film.problem}<//>`}
    ${film.youtube && html`<${Note}>${t('make.youtubeNote')}<//>`}
    ${film.length > 0 && html`
      <${FilmStrip} frames=${frames} length=${film.length} start=${film.start} end=${film.end} at=${drawn ? at : null} onStretch=${cut} />
      <div class="row-apart">
        ${drawn && html`<${Button} size="small" icon=${playing ? 'pause' : 'play'} onClick=${toggle}>${t(playing ? 'make.pause' : 'make.playPart')}<//>`}
        <${StretchFields} start=${film.start} end=${film.end} length=${film.length} onStretch=${(start, end) => cut(start, end, start !== film.start ? 'start' : 'end')} />
      </div>`}
    ${film.typed && !film.length && html`<${StretchFields} start=${film.start} end=${film.end} length=${Infinity} onStretch=${(start, end) => cut(start, end)} />`}
    ${film.found && film.found.state === 'found' && !film.found.faces.length ? html`<${Note} kind="warn" live>${t('make.noFaceInFilm')}<//>`
      : html`<${FacesSentence} found=${film.found} chosen=${chosen} onRetry=${set.lookAgain} />`}
  </div>`;
}
