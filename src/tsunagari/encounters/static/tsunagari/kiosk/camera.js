// The camera: frames of the middle of the picture, read in the page itself, so that it works without a network.

import { decodeQR } from "../vendor/qr/decode.js";

const EVERY = 160; // milliseconds between two frames
const SIDE = 480; // pixels of the square that is read

/** Shows the camera in `video` and calls `onText` for each code seen. `facing` is "user" or "environment". */
export class Camera {
  #video;
  #onText;
  #stream = null;
  #timer = 0;
  #canvas = document.createElement("canvas");

  constructor(video, onText) {
    this.#video = video;
    this.#onText = onText;
    this.#canvas.width = this.#canvas.height = SIDE;
    document.addEventListener("visibilitychange", () => this.#again());
  }

  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get on() {
    return this.#stream !== null;
  }

  /** Rejects when there is no camera or it is not allowed. */
  async start(facing) {
    this.stop();
    const wanted = { facingMode: { ideal: facing }, width: { ideal: 1280 }, height: { ideal: 720 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    this.#stream.getVideoTracks()[0].addEventListener("ended", () => this.stop());
    this.#video.srcObject = this.#stream;
    this.#video.classList.toggle("mirrored", facing === "user");
    await this.#video.play();
    this.#again();
  }

  stop() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  #again() {
    clearTimeout(this.#timer);
    if (this.on && !document.hidden) this.#timer = setTimeout(() => this.#look(), EVERY);
  }

  #look() {
    const { videoWidth: wide, videoHeight: high } = this.#video;
    const side = Math.min(wide, high);
    if (side > 0) {
      const context = this.#canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(this.#video, (wide - side) / 2, (high - side) / 2, side, side, 0, 0, SIDE, SIDE);
      const text = read(context.getImageData(0, 0, SIDE, SIDE));
      if (text) this.#onText(text);
    }
    this.#again();
  }
}

function read(image) {
  try {
    return decodeQR(image);
  } catch {
    return ""; // no code in this frame
  }
}
