/**
 * So many milliseconds, or until it is ended. With a timer alone: what ends an AbortSignal makes an error with its stack for
 * each, which was a twentieth of all that a gateway under a flood did.
 */
export function patience(ms: number): { readonly over: Promise<void>; end(): void } {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return {
    over,
    end() {
      clearTimeout(timer)
      resolve()
    },
  }
}
