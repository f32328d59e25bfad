/** Make a lip sync: a film, whose mouth, a voice, how well, the price, and the order. */

import { kindOfFile } from '../media-files.js';
import { html, useEffect, useState } from '../lib.js';
import { useTitle } from '../router.js';
import { t } from '../texts.js';
import { Choice } from '../ui/field.js';
import { ErrorState, Loading, Note } from '../ui/states.js';
import { useEarlierOrder } from './again.js';
import { known, useEstimate } from './estimate.js';
import { FilmSource } from './film-source.js';
import { FilmStage } from './film-stage.js';
import { filmAssets, filmOfFile, filmOfPath, useFilm } from './film.js';
import { MakeBar } from './make-bar.js';
import { usePageFiles } from './page-files.js';
import { useSubmit } from './submit.js';
import { SyncOptions } from './sync-options.js';
import { defaultOptions, optionsOf, syncOrder } from './sync-order.js';
import { refusal } from './uploading.js';
import { VoicePicker, noVoice, unfinished, voiceAssets, voiceOfAssets, withFile } from './voice.js';
import { VoicesOfFaces, voicesAssets } from './voices-of-faces.js';

/** @param {{ query: URLSearchParams }} props query: `from`, a project whose order is changed */
export function SyncPage({ query }) {
  useTitle(t('make.syncTitle'));
  const set = useFilm();
  const { film } = set;
  const [voice, setVoice] = useState(noVoice);
  // Several people: what each says, by their numbers, and whose voice is looked at.
  const [voices, setVoices] = useState(/** @type {Record<number, import('./voice.js').Voice>} */ ({}));
  const [turn, setTurn] = useState(0);
  const [options, setOptions] = useState(defaultOptions);
  const [problems, setProblems] = useState(/** @type {string[]} */ ([]));
  const { busy, failure, submit, forgetFailure } = useSubmit('lip-sync');
  const change = (patch) => setOptions((old) => ({ ...old, ...patch }));

  const takeFilm = ([file]) => {
    const why = refusal(file, ['video']);
    setProblems(why ? [why] : []);
    if (!why) set.choose(filmOfFile(file));
  };
  /** Files from anywhere: the first film is the film, a sound is the voice, a second film gives its sound. */
  const take = (files) => {
    const refused = [];
    let filled = Boolean(film);
    for (const file of files) {
      const isFilm = kindOfFile(file) === 'video' && !filled;
      const why = refusal(file, isFilm ? ['video'] : ['audio', 'video']);
      if (why) refused.push(why);
      else if (isFilm) {
        filled = true;
        set.choose(filmOfFile(file));
      } else if (options.face === 'each') setVoices((old) => ({ ...old, [turn]: withFile(old[turn] ?? noVoice(), file) }));
      else setVoice((old) => withFile(old, file));
    }
    setProblems(refused);
  };
  const over = usePageFiles(take);
  const earlier = useEarlierOrder(query.get('from'), (order) => {
    const { assets } = order;
    const stretch = { start: order.start_seconds, end: order.end_seconds };
    set.choose(assets.youtube_url && assets.video_source === 'youtube'
      ? { ...filmOfPath('', assets.youtube_url, stretch), path: null, sending: null, youtube: assets.youtube_url, undrawn: true, typed: true }
      : filmOfPath(assets.video_file_path, t('make.filmBefore'), stretch));
    setOptions(optionsOf(order));
    setVoices(Object.fromEntries((assets.voices ?? []).map((row) => [row.face, voiceOfAssets(row)])));
    setVoice(voiceOfAssets(assets));
  });

  const source = filmAssets(film);
  const words = options.face === 'each' ? voicesAssets(voices) : voiceAssets(voice);
  const orders = source && words ? [syncOrder({ film, filmAssets: source, voiceAssets: words, options })] : [];
  const estimate = useEstimate('lip-sync', orders.map((order) => ({
    order, sources: known({ video_width: film.width, video_height: film.height, video_frame_rate: film.info?.frame_rate }),
  })));
  useEffect(forgetFailure, [JSON.stringify(orders)]);
  const missing = whatIsMissing({ film, source, voice, voices, words, each: options.face === 'each' });
  const faces = film?.found?.faces ?? [];
  const chosen = options.face === 'each' ? turn : chosenFace(options.face, faces);
  const pressed = (index) => (options.face === 'all' ? faces[index].usable : index === chosen);
  const pick = (face) => (options.face === 'each' ? setTurn(face) : change({ face }));

  if (earlier.loading) return html`<${Loading} />`;
  if (earlier.error) return html`<${ErrorState} top title=${t('make.noOrder')} error=${earlier.error} retry=${earlier.again} />`;
  return html`<div class="make">
    <div class="make-head"><h1>${t('make.syncTitle')}</h1><p class="muted">${t('make.syncLead')}</p></div>
    ${problems.map((problem) => html`<${Note} kind="danger" live key=${problem}>${problem}<//>`)}
    <div class="make-grid">
      <section class="make-stage" aria-label=${t('make.film')}>
        ${film ? html`<${FilmStage} set=${set} film=${film} chosen=${options.face === 'each' ? null : chosen} pressed=${pressed} onChoose=${pick}
              onRemove=${() => { set.choose(null); change({ face: 'largest' }); }} />`
          : html`<${FilmSource} over=${over} onFile=${takeFilm} onFilm=${set.choose} />`}
      </section>
      <div class="make-side">
        <section class="card stack" aria-labelledby="voice-heading"><h2 id="voice-heading">${t('make.newVoice')}</h2>
          ${options.face === 'each' ? html`<${VoicesOfFaces} faces=${faces} voices=${voices} onChange=${setVoices} shown=${turn} onShow=${setTurn} />`
            : html`<${VoicePicker} voice=${voice} onChange=${setVoice} cut />`}</section>
        <section class="card stack" aria-labelledby="speaker-heading"><h2 id="speaker-heading">${t('make.whoSpeaks')}</h2>
          <${Choice} label=${t('make.whoSpeaks')} hideLabel value=${String(options.face)} onInput=${(face) => change({ face: /^\d+$/.test(face) ? Number(face) : face })}
            options=${[
              { value: 'largest', label: t('make.faceLargest') },
              { value: 'speaking', label: t('make.faceSpeaking') },
              { value: 'all', label: t('make.faceAll') },
              ...(faces.length > 1 || options.face === 'each' ? [{ value: 'each', label: t('make.faceEach') }] : []),
              ...(typeof options.face === 'number' ? [{ value: String(options.face), label: t('make.faceNumber', { number: options.face + 1 }) }] : []),
            ]} />
          <p class="hint">${t(options.face === 'each' ? 'make.faceEachHint' : 'make.faceHint')}</p></section>
        <section class="card stack" aria-labelledby="how-heading"><h2 id="how-heading">${t('make.howWell')}</h2>
          <${SyncOptions} options=${options} onChange=${change} withTranscript=${voice.way !== 'text'} /></section>
      </div>
    </div>
    <${MakeBar} estimate=${estimate} missing=${missing} failure=${failure} busy=${busy} label=${t('make.makeOne')} onMake=${() => submit(orders)} />
  </div>`;
}

/** The face that a choice means among those that are seen; null where more than one, or none. */
function chosenFace(face, faces) {
  if (typeof face === 'number') return face < faces.length ? face : null;
  if (face !== 'largest' || !faces.length) return null;
  const area = ({ box: [left, top, right, bottom] }) => (right - left) * (bottom - top);
  return faces.reduce((best, one, index) => (area(one) > area(faces[best]) ? index : best), 0);
}

/** What has to be given, or waited for, before there is an order; null when nothing. */
function whatIsMissing({ film, source, voice, voices, words, each }) {
  if (!film) return t('make.needFilm');
  if (film.sending?.state === 'sending') return t('make.waitFilm');
  if (!source) return t(film.problem ? 'make.needFilm' : 'make.waitFilmInfo');
  // An order without a voice that somebody was given would be another order.
  const begun = (each ? Object.values(voices) : [voice]).map(unfinished).find(Boolean);
  if (begun || words) return begun ?? null;
  if (each) return t(film.found?.state === 'found' && !film.found.faces.length ? 'make.needFacesInFilm' : 'make.needEachVoice');
  return t(voice.way === 'text' ? 'make.needText' : 'make.needVoice');
}
