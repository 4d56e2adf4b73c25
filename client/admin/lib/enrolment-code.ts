/** Codes that let a device in: eight of 32 characters, none like another, as the gateway takes them. */
const characters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Of 256 values of a byte each character has eight. */
export function newEnrolmentCode(
  random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
): string {
  const code = [...random(new Uint8Array(8))].map((byte) => characters[byte % characters.length]).join('')
  return new Set(code).size < 4 ? newEnrolmentCode(random) : code
}

/** In two halves, as people read it to each other. */
export const spelled = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`
