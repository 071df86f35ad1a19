/* From the camera to what is sent: small, upright, without EXIF, and judged by the eye of a verifikator. */
const LONG_SIDE = 2000;
const TARGET = 350_000;
const QUALITIES = [0.86, 0.78, 0.7, 0.6, 0.5, 0.4];
const GREY_SIDE = 600;
const BLURRED = 40;
const DARK = 75;

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function draw(bitmap, side, turn = 0) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = turn % 180 ? [height, width] : [width, height];
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate(turn * Math.PI / 180);
  pen.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return canvas;
}

export const decode = (blob) => createImageBitmap(blob, { imageOrientation: "from-image" });

async function shrink(bitmap) {
  const canvas = draw(bitmap, LONG_SIDE);
  let blob;
  for (const quality of QUALITIES) {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob.size <= TARGET) break;
  }
  return blob;
}

/* Variance of the Laplacian: letters that run into each other have no edges. */
function doubts(bitmap) {
  const canvas = draw(bitmap, GREY_SIDE);
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const grey = Float32Array.from({ length: width * height }, (_, i) =>
    0.3 * data[4 * i] + 0.59 * data[4 * i + 1] + 0.11 * data[4 * i + 2]);
  let light = 0, sum = 0, squares = 0, n = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++, n++) {
      const edge = grey[i - 1] + grey[i + 1] + grey[i - width] + grey[i + width] - 4 * grey[i];
      light += grey[i];
      sum += edge;
      squares += edge * edge;
    }
  }
  return [
    light / n < DARK && "Foto gelap. Dekatkan ke cahaya, lalu foto ulang?",
    squares / n - (sum / n) ** 2 < BLURRED && "Foto agak kabur, nomor mungkin tidak terbaca. Foto ulang?",
  ].filter(Boolean);
}

/* What this browser cannot read (HEIC on many phones) and every PDF goes up as it is. */
export async function prepare(file) {
  const source = await file.arrayBuffer();
  const page = { id: crypto.randomUUID(), name: file.name, type: file.type || "application/octet-stream", turn: 0, sent: 0, doubts: [] };
  let bytes = source;
  const bitmap = file.type === "application/pdf" ? null : await decode(file).catch(() => null);
  if (bitmap) {
    bytes = await (await shrink(bitmap)).arrayBuffer();
    Object.assign(page, { type: "image/jpeg", picture: true, doubts: doubts(bitmap), source: await sha256(source) });
    bitmap.close();
  }
  return { bytes, page: { ...page, size: bytes.byteLength, sha256: await sha256(bytes) } };
}
