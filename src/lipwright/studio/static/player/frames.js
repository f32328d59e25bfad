/** Frames and seconds of a video. Browsers seek by seconds; people look at frames. */

/** The number of the frame shown at a time, from 0. @param {number} time_s @param {number} rate */
export const frameAt = (time_s, rate) => Math.max(0, Math.floor(time_s * rate + 1e-3));

/** The middle of a frame: at its edge a browser may show the one before. @param {number} frame @param {number} rate */
export const timeOf = (frame, rate) => (frame + 0.5) / rate;

/** How many frames there are. @param {number} length_s @param {number} rate */
export const frameCount = (length_s, rate) => Math.max(1, Math.round(length_s * rate));
