/* From the camera to what is sent: small, upright, without EXIF. */
const LONG_SIDE = 2000, TARGET = 330_000;
const DARK = 75, BLURRED = 90;

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const decode = (blob) => createImageBitmap(blob, { imageOrientation: "from-image" });
export function draw(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  canvas.width = Math.ceil(bitmap.width * scale);
  canvas.height = Math.ceil(bitmap.height * scale);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function shrink(bitmap) {
  const canvas = draw(bitmap, LONG_SIDE);
  let blob, quality = 0.86;
  do {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    quality *= 0.95 * Math.sqrt(TARGET / blob.size);
  } while (blob.size > TARGET && quality > 0.35);
  return blob.arrayBuffer();
}

/* Variance of the Laplacian: letters that run into each other have no edges. */
function doubt(bitmap) {
  const canvas = draw(bitmap, 600), { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const row = 4 * width, n = width * (height - 2);
  let light = 0, squares = 0;
  for (let i = row + 1; i < data.length - row; i += 4) {
    light += data[i];
    squares += (data[i - 4] + data[i + 4] + data[i - row] + data[i + row] - 4 * data[i]) ** 2;
  }
  return light / n < DARK ? "dark" : squares / n < BLURRED ? "blurred" : "";
}

/* What this browser cannot read (HEIC, PDF) goes up as it is. */
export async function prepare(file) {
  const source = await file.arrayBuffer(), bitmap = await decode(file).catch(() => {});
  const bytes = bitmap ? await shrink(bitmap) : source;
  return [bytes, {
    id: crypto.randomUUID(), name: file.name, turn: 0, sent: 0,
    type: bitmap ? "image/jpeg" : file.type || "application/octet-stream",
    size: bytes.byteLength, sha256: await sha256(bytes), source: await sha256(source),
    picture: Boolean(bitmap), doubt: bitmap ? doubt(bitmap) : "",
  }];
}
