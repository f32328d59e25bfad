/** The order of a lip sync: what the form holds, as the API takes it, and back again. */

/**
 * @typedef {{ mode: 'lite' | 'standard' | 'pro', face: 'largest' | 'all' | 'speaking' | 'each' | number, rate: string, loop: boolean, keepSound: boolean,
 *   keepSoundDb: number, mouth: number, seed: string, transcript: string, name: string }} Options
 */

const SCALE = 1;
// Quiet enough for the new voice, loud enough to keep the room.
const KEPT_DB = -12;

/** @returns {Options} */
export const defaultOptions = () => ({
  mode: 'standard', face: 'largest', rate: '', loop: false, keepSound: false, keepSoundDb: KEPT_DB, mouth: SCALE, seed: '', transcript: '', name: '',
});

/** An object without its empty fields. @param {Record<string, any>} fields */
const said = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
const round = (seconds) => Math.round(seconds * 1000) / 1000;

/**
 * @param {{ film: import('./film.js').Film, filmAssets: Record<string, any>, voiceAssets: Record<string, any>, options: Options }} form
 */
export function syncOrder({ film, filmAssets, voiceAssets, options }) {
  return said({
    name: options.name.trim(),
    start_seconds: round(film.start),
    end_seconds: round(film.end),
    max_fps_limit: Number(options.rate) > 0 ? Number(options.rate) : undefined,
    assets: said({ ...filmAssets, ...voiceAssets }),
    style: said({
      generation_mode: options.mode,
      face: options.face === 'largest' || options.face === 'each' ? undefined : options.face,
      loop: options.loop || undefined,
      keep_sound_db: options.keepSound ? options.keepSoundDb : undefined,
      mouth: options.mouth === SCALE ? undefined : options.mouth,
      seed: options.seed === '' ? undefined : Number(options.seed),
    }),
    transcript: voiceAssets.audio_file_path ? options.transcript.trim() : undefined,
  });
}

/** What the options of an earlier order were. @param {any} order @returns {Options} */
export function optionsOf(order) {
  const style = order.style ?? {};
  const known = defaultOptions();
  return {
    ...known,
    mode: style.generation_mode ?? 'lite',
    face: order.assets.voices ? 'each' : (style.face ?? known.face),
    rate: order.max_fps_limit ? String(order.max_fps_limit) : '',
    loop: Boolean(style.loop),
    keepSound: style.keep_sound_db !== undefined && style.keep_sound_db !== null,
    keepSoundDb: style.keep_sound_db ?? KEPT_DB,
    mouth: style.mouth ?? SCALE,
    seed: style.seed === undefined || style.seed === null ? '' : String(style.seed),
    transcript: order.transcript ?? '',
    name: order.name ?? '',
  };
}
