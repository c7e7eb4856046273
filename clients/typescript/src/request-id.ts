/** Returns an id that makes a call safe to repeat: 128 random bits. */
export function newRequestId(): string {
  // `crypto.randomUUID` is there for secure contexts alone.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
