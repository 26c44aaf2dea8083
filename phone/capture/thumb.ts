// A small picture of a photo, so that no page holds twenty originals of twelve megapixels for twenty thumbnails.

const WIDTH = 320;

/** As a data: address; empty when this browser cannot read the photo (many cannot read HEIC). */
export async function thumb(file: Blob): Promise<string> {
  try {
    const small = await createImageBitmap(file, { resizeWidth: WIDTH, resizeQuality: "medium" });
    const canvas = Object.assign(document.createElement("canvas"), { width: small.width, height: small.height });
    canvas.getContext("2d")?.drawImage(small, 0, 0);
    small.close();
    const picture = canvas.toDataURL("image/jpeg", 0.75);
    canvas.width = canvas.height = 0; // some phones keep a canvas' memory for long
    return picture;
  } catch {
    return "";
  }
}
