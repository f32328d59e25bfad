/** Recordings as WAV files: every part of a recording can be reached, and every server reads them. */

const HEADER_BYTES = 44;

/**
 * One channel of 16 bits.
 * @param {AudioBuffer} sound
 * @returns {Blob}
 */
export function encodeWav(sound) {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, index) => sound.getChannelData(index));
  const data = new DataView(new ArrayBuffer(HEADER_BYTES + sound.length * 2));
  const text = (offset, letters) => [...letters].forEach((letter, index) => data.setUint8(offset + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  data.setUint32(4, HEADER_BYTES - 8 + sound.length * 2, true);
  text(8, 'WAVEfmt ');
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, sound.sampleRate, true);
  data.setUint32(28, sound.sampleRate * 2, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  text(36, 'data');
  data.setUint32(40, sound.length * 2, true);
  for (let index = 0; index < sound.length; index += 1) {
    const mean = channels.reduce((sum, samples) => sum + samples[index], 0) / channels.length;
    data.setInt16(HEADER_BYTES + index * 2, Math.max(-1, Math.min(1, mean)) * 0x7fff, true);
  }
  return new Blob([data], { type: 'audio/wav' });
}

/** Decode what a browser recorded and write it anew. @param {Blob} recorded @returns {Promise<{ wav: Blob, seconds: number }>} */
export async function recordedAsWav(recorded) {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    return { wav: encodeWav(sound), seconds: sound.duration };
  } finally {
    context.close();
  }
}
