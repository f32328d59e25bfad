/** A photograph by the camera. */

import { html, useEffect, useRef, useState } from '../lib.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Loading, Note } from '../ui/states.js';

const QUALITY = 0.95;

/** Why the browser gave no device, in words. @param {unknown} error @param {'camera' | 'microphone'} device */
export function deviceProblem(error, device) {
  const name = error instanceof DOMException ? error.name : '';
  if (!navigator.mediaDevices) return t(`make.${device}Insecure`);
  if (name === 'NotAllowedError') return t(`make.${device}Refused`);
  if (name === 'NotFoundError') return t(`make.${device}Missing`);
  return t(`make.${device}Failed`);
}

/** @param {{ onPicture: (file: File) => void, onClose: () => void }} props */
export function CameraDialog({ onPicture, onClose }) {
  const film = useRef(null);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const [ready, setReady] = useState(false);
  const [taken, setTaken] = useState(/** @type {{ file: File, url: string } | null} */ (null));

  useEffect(() => {
    if (taken) return undefined;
    let stream = null;
    let gone = false;
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: 'user', width: { ideal: 1920 }, height: { ideal: 1080 } },
        });
        if (gone) return stop();
        film.current.srcObject = stream;
        await film.current.play();
        setReady(true);
      } catch (error) {
        if (!gone) setProblem(deviceProblem(error, 'camera'));
      }
      return undefined;
    })();
    return () => {
      gone = true;
      stop();
      setReady(false);
    };
  }, [taken]);
  useEffect(() => () => taken && URL.revokeObjectURL(taken.url), [taken]);

  const take = () => {
    const canvas = document.createElement('canvas');
    canvas.width = film.current.videoWidth;
    canvas.height = film.current.videoHeight;
    canvas.getContext('2d').drawImage(film.current, 0, 0);
    canvas.toBlob((blob) => {
      const file = new File([blob], `${t('make.cameraName')}.jpg`, { type: 'image/jpeg' });
      setTaken({ file, url: URL.createObjectURL(file) });
    }, 'image/jpeg', QUALITY);
  };
  const use = () => {
    onPicture(taken.file);
    onClose();
  };
  const actions = taken
    ? html`<${Button} icon="again" onClick=${() => setTaken(null)}>${t('make.cameraAgain')}<//>
        <${Button} kind="primary" icon="check" onClick=${use}>${t('make.cameraUse')}<//>`
    : html`<${Button} kind="primary" icon="camera" disabled=${!ready} onClick=${take}>${t('make.cameraTake')}<//>`;
  return html`<${Dialog} title=${t('make.cameraTitle')} onClose=${onClose} wide actions=${problem ? null : actions}>
    ${problem ? html`<${Note} kind="warn" live>${problem}<//>` : html`<div class="camera-frame">
      ${taken ? html`<img src=${taken.url} alt=${t('make.cameraTaken')} />` : html`
        <video ref=${film} muted playsinline aria-label=${t('make.cameraView')}></video>
        ${!ready && html`<div class="camera-wait"><${Loading} /></div>`}`}
    </div>
    <p class="hint">${t('make.cameraHint')}</p>`}
  <//>`;
}
