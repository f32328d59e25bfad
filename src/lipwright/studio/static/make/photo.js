/** Make a talking photo: pictures, a voice, how it moves, the price, and the order. */

import { kindOfFile } from '../media-files.js';
import { html, useEffect, useState } from '../lib.js';
import { useTitle } from '../router.js';
import { t } from '../texts.js';
import { ErrorState, Loading, Note } from '../ui/states.js';
import { useEarlierOrder } from './again.js';
import { known, useEstimate } from './estimate.js';
import { facesProblem } from './faces.js';
import { MakeBar } from './make-bar.js';
import { usePageFiles } from './page-files.js';
import { PhotoOptions } from './photo-options.js';
import { defaultOptions, optionsOf, photoOrder } from './photo-order.js';
import { EmptyStage, PictureStage } from './picture-stage.js';
import { usePictures } from './pictures.js';
import { Recent } from './recent.js';
import { sampleFiles } from './sample.js';
import { useSubmit } from './submit.js';
import { refusal, stored } from './uploading.js';
import { VoicePicker, noVoice, soundOf, unfinished, voiceAssets, voiceOfAssets, withFile } from './voice.js';

/** @param {{ query: URLSearchParams }} props query: `from`, a project whose order is changed */
export function PhotoPage({ query }) {
  useTitle(t('make.photoTitle'));
  const set = usePictures();
  const { pictures } = set;
  const [shownId, setShownId] = useState(/** @type {number | null} */ (null));
  const shown = pictures.find((one) => one.id === shownId) ?? pictures[0] ?? null;
  const [voice, setVoice] = useState(noVoice);
  const [options, setOptions] = useState(defaultOptions);
  const [clip, setClip] = useState(/** @type {import('./motion-clip.js').Clip | null} */ (null));
  const [problems, setProblems] = useState(/** @type {string[]} */ ([]));
  const [fetching, setFetching] = useState(false);
  const { busy, failure, submit, forgetFailure } = useSubmit('ai-talking-photo');

  /** Files from anywhere: pictures are added, a sound becomes the voice. */
  const take = (files) => {
    const refused = [];
    const images = [];
    for (const file of files) {
      const isImage = kindOfFile(file) === 'image';
      const why = refusal(file, isImage ? ['image'] : ['audio', 'video']);
      if (why) refused.push(isImage || kindOfFile(file) ? why : t('make.notUsable', { name: file.name }));
      else if (isImage) images.push(file);
      else setVoice((old) => withFile(old, file));
    }
    setProblems(refused);
    set.add(images);
  };
  const takePictures = (files) => {
    setProblems(files.map((file) => refusal(file, ['image'])).filter(Boolean));
    set.add(files.filter((file) => !refusal(file, ['image'])));
  };
  const over = usePageFiles(take);
  const trySample = async () => {
    setFetching(true);
    try {
      take(await sampleFiles());
    } catch (error) {
      setProblems([error.message]);
    }
    setFetching(false);
  };
  const earlier = useEarlierOrder(query.get('from'), (order) => {
    const { assets } = order;
    set.addStored(assets.image_file_path, t('make.pictureBefore'), order.style?.face ?? null);
    setOptions(optionsOf(order));
    if (assets.motion_file_path) setClip({ name: t('make.motionBefore'), file: null, sending: stored(assets.motion_file_path) });
    setVoice(voiceOfAssets(assets, order.start_seconds ?? 0, order.end_seconds ?? 0));
  });

  const assets = voiceAssets(voice);
  const sound = soundOf(voice);
  const usable = pictures.filter((one) => one.found?.state === 'found' && one.face !== null);
  const motion = clip?.sending?.filePath ?? null;
  const orders = assets && (!clip || motion) ? usable.map((picture) => photoOrder({ picture, assets, sound, motion, options })) : [];
  const estimate = useEstimate('ai-talking-photo', orders.map((order, index) => ({
    order, sources: known({ image_width: usable[index].found.width, image_height: usable[index].found.height, audio_seconds: sound?.length }),
  })));
  useEffect(forgetFailure, [JSON.stringify(orders)]);
  const missing = whatIsMissing({ pictures, usable, voice, assets, clip, motion });

  if (earlier.loading) return html`<${Loading} />`;
  if (earlier.error) return html`<${ErrorState} top title=${t('make.noOrder')} error=${earlier.error} retry=${earlier.again} />`;
  const label = usable.length > 1 ? t('make.makeMany', { count: usable.length }) : t('make.makeOne');
  return html`<div class="make">
    <div class="make-head"><h1>${t('make.photoTitle')}</h1><p class="muted">${t('make.photoLead')}</p></div>
    ${problems.map((problem) => html`<${Note} kind="danger" live key=${problem}>${problem}<//>`)}
    <div class="make-grid">
      <section class="make-stage" aria-label=${t('make.picture')}>
        ${shown ? html`<${PictureStage} pictures=${pictures} shown=${shown} set=${set} over=${over} onShow=${setShownId} onFiles=${takePictures} />`
          : html`<${EmptyStage} over=${over} busy=${fetching} onFiles=${takePictures} onSample=${trySample} />`}
      </section>
      <div class="make-side">
        <section class="card stack" aria-labelledby="voice-heading"><h2 id="voice-heading">${t('make.voiceHeading')}</h2>
          <${VoicePicker} voice=${voice} onChange=${setVoice} /></section>
        <section class="card stack" aria-labelledby="motion-heading"><h2 id="motion-heading">${t('make.motionHeading')}</h2>
          <${PhotoOptions} options=${options} onChange=${(patch) => setOptions((old) => ({ ...old, ...patch }))} clip=${clip} onClip=${setClip}
            withTranscript=${voice.way !== 'text'} withPace=${voice.way === 'text'} /></section>
      </div>
    </div>
    <${MakeBar} estimate=${estimate} missing=${missing} failure=${failure} busy=${busy} label=${label} onMake=${() => submit(orders)} />
    <${Recent} />
  </div>`;
}

/** What has to be given, or waited for, before there is an order; null when nothing. */
function whatIsMissing({ pictures, usable, voice, assets, clip, motion }) {
  if (!pictures.length) return t('make.needPicture');
  if (pictures.some((one) => one.sending?.state === 'sending')) return t('make.waitPicture');
  if (pictures.some((one) => one.found?.state === 'asking')) return t('make.searching');
  if (!usable.length) return facesProblem(pictures[0].found) ? t('make.needFace') : t('make.needPicture');
  if (clip && !motion) return t('make.waitMotion');
  if (assets) return null;
  return unfinished(voice) ?? t(voice.way === 'text' ? 'make.needText' : 'make.needVoice');
}
