/** The long side of a photo that is sent: print on A4 can be read, and a slow line carries it. */
const longSide = 3000;

/**
 * A photo drawn anew as JPEG: turned as it was taken, of a size that a line carries, and
 * without what a telephone writes beside the picture, such as where it was taken. A PDF is
 * sent as it is.
 */
export async function redrawn(file: File): Promise<Blob> {
  if (file.type === 'application/pdf') return file;
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longSide / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const pen = canvas.getContext('2d');
  if (!pen) throw new TypeError('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new TypeError('no picture'))), 'image/jpeg', 0.88));
}
