/**
 * Addresses as texts. React Native's `URL` has no setters and no `canParse`, and appends a slash to whatever it is
 * given, so it is asked for nothing but to resolve what is relative, which only pages have.
 */
const absolute = /^(https?|wss?):\/\/[^/\s]+/i

/** The absolute address; null where it is none, or relative to nothing. */
export function addressOf(given: string): string | null {
  if (absolute.test(given)) return given
  const page = globalThis.location?.href
  if (!page || /^[a-z][a-z0-9+.-]*:/i.test(given)) return null
  try {
    return new URL(given, page).href
  } catch {
    return null
  }
}

/** The same with ws: or wss:. */
export const socketAddressOf = (address: string): string => address.replace(/^http/i, 'ws')
