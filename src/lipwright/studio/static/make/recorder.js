/** A voice by the microphone: how loud it is while it records, then the recording as a file. */

import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { clock } from '../ui/format.js';
import { Note } from '../ui/states.js';
import { deviceProblem } from './camera.js';
import { recordedAsWav } from './wav.js';

// The meter shows -54 dB to 0 dB: a quiet room lies at its foot, a voice near the middle.
const METER_FLOOR_DB = -54;
// A peak of 16 bits that has no room left.
const CLIPPED = 0.99;

/** 0 to 1 on the meter for a root mean square. @param {number} loudness */
const onMeter = (loudness) => Math.max(0, Math.min(1, 1 - (20 * Math.log10(loudness + 1e-6)) / METER_FLOOR_DB));

/** @param {{ onRecording: (file: File, seconds: number) => void, again: boolean }} props again: there is a recording already */
export function Recorder({ onRecording, again }) {
  const [state, setState] = useState(/** @type {'idle' | 'starting' | 'recording' | 'ending'} */ ('idle'));
  const [seconds, setSeconds] = useState(0);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const [clipped, setClipped] = useState(false);
  const meter = useRef(null);
  const running = useRef(/** @type {any} */ (null));
  const release = () => {
    const { stream, context, timer } = running.current ?? {};
    cancelAnimationFrame(timer);
    stream?.getTracks().forEach((track) => track.stop());
    context?.close();
    running.current = null;
  };
  useEffect(() => release, []);

  const start = async () => {
    setState('starting');
    setProblem(null);
    setClipped(false);
    setSeconds(0);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaStreamSource(stream).connect(analyser);
      const recorder = new MediaRecorder(stream);
      const chunks = [];
      recorder.ondataavailable = (event) => chunks.push(event.data);
      recorder.onstop = () => finish(new Blob(chunks, { type: recorder.mimeType }));
      running.current = { stream, context, recorder, timer: 0 };
      recorder.start(500);
      setState('recording');
      listen(analyser, performance.now());
    } catch (error) {
      release();
      setState('idle');
      setProblem(deviceProblem(error, 'microphone'));
    }
  };

  const listen = (analyser, beganAt) => {
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      if (!running.current) return;
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      let peak = 0;
      for (const sample of samples) {
        sum += sample * sample;
        peak = Math.max(peak, Math.abs(sample));
      }
      if (peak > CLIPPED) setClipped(true);
      if (meter.current) meter.current.style.transform = `scaleX(${onMeter(Math.sqrt(sum / samples.length)).toFixed(3)})`;
      setSeconds(Math.floor((performance.now() - beganAt) / 1000));
      running.current.timer = requestAnimationFrame(look);
    };
    look();
  };

  const finish = async (recorded) => {
    release();
    try {
      const { wav, seconds: length } = await recordedAsWav(recorded);
      onRecording(new File([wav], `${t('make.recordingName')}.wav`, { type: 'audio/wav' }), length);
    } catch {
      setProblem(t('make.recordingUnreadable'));
    }
    setState('idle');
  };

  const stop = () => {
    setState('ending');
    running.current?.recorder.stop();
  };
  const recording = state === 'recording';
  return html`<div class="recorder">
    ${recording || state === 'ending'
      ? html`<${Button} kind="danger" icon="stop" busy=${state === 'ending'} onClick=${stop}>${t('make.recordStop')}<//>`
      : html`<${Button} icon=${again ? 'again' : 'microphone'} busy=${state === 'starting'} onClick=${start}>
          ${again ? t('make.recordAgain') : t('make.recordStart')}<//>`}
    ${recording && html`<div class="meter" role="img" aria-label=${t('make.level')}><div class="meter-level" ref=${meter}></div></div>
      <span class="tabular">${clock(seconds)}</span>`}
    <span class="unseen" role="status">${recording ? t('make.recordingNow') : ''}</span>
    ${recording && clipped && html`<${Note} kind="warn" live>${t('make.tooLoud')}<//>`}
    ${problem && html`<${Note} kind="warn" live>${problem}<//>`}
  </div>`;
}
