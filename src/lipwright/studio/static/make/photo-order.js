/** The order of a talking photo: what the form holds, as the API takes it, and back again. */

/**
 * @typedef {{ mode: 'realistic' | 'prompted', prompt: string, intensity: number, mouth: number, head: number, blinks: number,
 *   expression: number, seed: string, resolution: '' | '480p' | '720p', transcript: string, name: string, pace: number }} Options
 */

// What the API does where nothing is said.
const SCALE = 1;
const INTENSITY = 1.5;
export const SCALES = /** @type {const} */ (['mouth', 'head', 'blinks', 'expression']);

/** @returns {Options} */
export const defaultOptions = () => ({
  mode: 'realistic', prompt: '', intensity: INTENSITY, mouth: SCALE, head: SCALE, blinks: SCALE, expression: SCALE, seed: '',
  resolution: '', transcript: '', name: '', pace: SCALE,
});

/** An object without its empty fields. @param {Record<string, any>} fields */
const said = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));

/**
 * @param {{ picture: import('./pictures.js').Picture, voice: import('./voice.js').Voice, assets: Record<string, any>,
 *   sound: import('./sound.js').Sound | null, motion: string | null, options: Options }} form assets: those of the voice
 */
export function photoOrder({ picture, assets, sound, motion, options }) {
  const lively = options.mode === 'prompted';
  // The API scales liveliness under an older name of the same mode.
  const scaled = lively && options.intensity !== INTENSITY;
  const style = said({
    generation_mode: scaled ? 'expressive' : options.mode,
    prompt: lively ? options.prompt.trim() : undefined,
    intensity: scaled ? options.intensity : undefined,
    ...Object.fromEntries(SCALES.map((name) => [name, options[name] === SCALE ? undefined : options[name]])),
    seed: options.seed === '' ? undefined : Number(options.seed),
    face: picture.found && picture.found.faces.length > 1 && picture.face !== null ? picture.face : undefined,
  });
  return said({
    name: options.name.trim(),
    start_seconds: sound ? round(sound.start) : undefined,
    end_seconds: sound ? round(sound.end) : undefined,
    assets: said({
      image_file_path: picture.sending?.filePath ?? '',
      ...assets,
      rate: assets.text && options.pace !== SCALE ? options.pace : undefined,
      motion_file_path: motion ?? undefined,
    }),
    style,
    resolution: options.resolution,
    transcript: sound ? options.transcript.trim() : undefined,
  });
}

const round = (seconds) => Math.round(seconds * 1000) / 1000;

/** What the options of an earlier order were. @param {any} order @returns {Options} */
export function optionsOf(order) {
  const style = order.style ?? {};
  const word = style.generation_mode ?? 'realistic';
  const known = defaultOptions();
  return {
    ...known,
    mode: ['realistic', 'pro', 'stable'].includes(word) ? 'realistic' : 'prompted',
    prompt: style.prompt ?? '',
    intensity: word === 'expressive' && style.intensity ? style.intensity : known.intensity,
    ...Object.fromEntries(SCALES.map((name) => [name, style[name] ?? SCALE])),
    seed: style.seed === undefined || style.seed === null ? '' : String(style.seed),
    resolution: order.resolution ?? '',
    transcript: order.transcript ?? '',
    name: order.name ?? '',
    pace: order.assets?.rate ?? SCALE,
  };
}
