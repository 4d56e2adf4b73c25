/** Calls `fire` once after `ms` milliseconds; the returned function calls it off. Passed in, so that tests own time. */
export type SetTimer = (fire: () => void, ms: number) => () => void

/** The real one. It does not keep the process alive. */
export const setUnrefTimer: SetTimer = (fire, ms) => {
  const timer = setTimeout(fire, ms).unref()
  return () => clearTimeout(timer)
}
