/**
 * Tells of what may happen a thousand times a second: of the first at once, and then at most once in `everyMs`, of the
 * latest, with how many there were since it was told of last. `now`: a clock in milliseconds that never goes back.
 */
export function seldom<T>(
  everyMs: number,
  tell: (latest: T, times: number) => void,
  now = () => performance.now(),
): (what: T) => void {
  let [toldAt, times] = [Number.NEGATIVE_INFINITY, 0]
  return (what) => {
    times += 1
    if (now() - toldAt < everyMs) return
    tell(what, times)
    toldAt = now()
    times = 0
  }
}
