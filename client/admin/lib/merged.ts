/**
 * What is wanted often is done seldom: at once, then at most once in a while, and never twice at the same time.
 */
export type Merged = {
  /** Wants it done: now, or as soon as it may be done again. */
  trigger(): void
  /** Nothing is done any more. */
  stop(): void
}

/** `run` must not reject. `everyMs`: from one start to the next, at least. */
export function merged(run: () => Promise<void>, everyMs: number): Merged {
  let running = false
  let wanted = false
  let stopped = false
  let rest: ReturnType<typeof setTimeout> | undefined

  async function start(): Promise<void> {
    running = true
    wanted = false
    const pause = new Promise((resolve) => {
      rest = setTimeout(resolve, everyMs)
    })
    await run()
    await pause
    running = false
    if (wanted && !stopped) void start()
  }

  return {
    trigger() {
      wanted = true
      if (!running && !stopped) void start()
    },
    stop() {
      stopped = true
      clearTimeout(rest)
    },
  }
}
