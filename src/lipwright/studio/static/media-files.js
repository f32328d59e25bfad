/** Files as the browser hands them over: their kind, their extension, and whether they are too large. */

/** What the API takes, by kind; the first extension stands for the kind where a name says nothing. */
export const EXTENSIONS = {
  image: ['png', 'jpg', 'jpeg', 'jfif', 'heic', 'heif', 'webp', 'avif', 'jp2', 'tiff', 'tif', 'bmp'],
  audio: ['wav', 'mp3', 'aac', 'flac', 'weba', 'm4a', 'opus', 'ogg', 'oga', 'aiff', 'amr'],
  video: ['mp4', 'm4v', 'mov', 'webm'],
};

const BY_TYPE = {
  'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif', 'image/heic': 'heic',
  'audio/wav': 'wav', 'audio/x-wav': 'wav', 'audio/mpeg': 'mp3', 'audio/mp4': 'm4a', 'audio/webm': 'weba',
  'audio/ogg': 'ogg', 'video/mp4': 'mp4', 'video/webm': 'webm', 'video/quicktime': 'mov',
};

/** The extension of a name, or the one of a media type. @param {string} name @param {string} [type] */
export function extensionOf(name, type = '') {
  const dot = name.lastIndexOf('.');
  const written = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  if (Object.values(EXTENSIONS).some((known) => known.includes(written))) return written;
  return BY_TYPE[type.split(';')[0]] ?? written;
}

/**
 * @param {string} extension @param {string} [type]
 * @returns {'image' | 'audio' | 'video' | null} null: nothing that the API takes
 */
export function mediaKind(extension, type = '') {
  for (const kind of /** @type {const} */ (['image', 'audio', 'video'])) {
    if (EXTENSIONS[kind].includes(extension)) return kind;
  }
  const prefix = type.split('/')[0];
  return prefix === 'image' || prefix === 'audio' || prefix === 'video' ? prefix : null;
}

/** @param {File} file */
export const kindOfFile = (file) => mediaKind(extensionOf(file.name, file.type), file.type);

/** For the `accept` of a file field. @param {...('image' | 'audio' | 'video')} kinds */
export const acceptOf = (...kinds) => kinds
  .flatMap((kind) => [`${kind}/*`, ...EXTENSIONS[kind].map((extension) => `.${extension}`)]).join(',');
