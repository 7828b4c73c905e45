/** A fingerprint as it is read out on the phone: groups of four. */
export function readOut(fingerprint: string): string {
  return (fingerprint.match(/.{1,4}/g) ?? []).join(' ');
}

/** A signature file as the API takes it: openssl writes bytes, some sources send Base64. */
export async function signatureOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = String.fromCharCode(...bytes.slice(0, 8192));
  const bare = text.replace(/\s+/g, '');
  return bare.length > 0 && bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? bare : btoa(text);
}
