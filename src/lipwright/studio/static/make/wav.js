/** Recordings as WAV files: every part of a recording can be reached, and every server reads them. */

const HEADER_BYTES = 44;

/**
 * 16 bits for each channel.
 * @param {AudioBuffer} sound
 * @param {number} [start] seconds
 * @param {number} [end] seconds
 * @returns {Blob}
 */
export function encodeWav(sound, start = 0, end = sound.duration) {
  const count = sound.numberOfChannels;
  const first = Math.round(start * sound.sampleRate);
  const last = Math.min(sound.length, Math.round(end * sound.sampleRate));
  const size = (last - first) * count * 2;
  const data = new DataView(new ArrayBuffer(HEADER_BYTES + size));
  const text = (offset, letters) => [...letters].forEach((letter, index) => data.setUint8(offset + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  data.setUint32(4, HEADER_BYTES - 8 + size, true);
  text(8, 'WAVEfmt ');
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, count, true);
  data.setUint32(24, sound.sampleRate, true);
  data.setUint32(28, sound.sampleRate * count * 2, true);
  data.setUint16(32, count * 2, true);
  data.setUint16(34, 16, true);
  text(36, 'data');
  data.setUint32(40, size, true);
  for (let channel = 0; channel < count; channel += 1) {
    const samples = sound.getChannelData(channel);
    for (let index = first; index < last; index += 1) {
      const at = HEADER_BYTES + ((index - first) * count + channel) * 2;
      data.setInt16(at, Math.max(-1, Math.min(1, samples[index])) * 0x7fff, true);
    }
  }
  return new Blob([data], { type: 'audio/wav' });
}

/** @param {Blob} blob what the browser can read @returns {Promise<AudioBuffer>} */
async function decode(blob) {
  const context = new AudioContext();
  try {
    return await context.decodeAudioData(await blob.arrayBuffer());
  } finally {
    context.close();
  }
}

/** Decode what a browser recorded and write it anew. @param {Blob} recorded @returns {Promise<{ wav: Blob, seconds: number }>} */
export async function recordedAsWav(recorded) {
  const sound = await decode(recorded);
  return { wav: encodeWav(sound), seconds: sound.duration };
}

/** A part of a sound as a file of its own. @param {Blob} blob @param {number} start @param {number} end seconds @param {string} name */
export async function cutSound(blob, start, end, name) {
  return new File([encodeWav(await decode(blob), start, end)], name, { type: 'audio/wav' });
}
