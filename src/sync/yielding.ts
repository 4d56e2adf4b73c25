/** Work that yields: after some milliseconds the event loop gets a turn, and with it everybody else's requests. */
const sliceMs = 8

/** Returns a function to be awaited between small steps of a long work. */
export function createYielding(): () => Promise<void> | undefined {
  let began = performance.now()
  return () => {
    if (performance.now() - began < sliceMs) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        began = performance.now()
        resolve()
      }),
    )
  }
}
