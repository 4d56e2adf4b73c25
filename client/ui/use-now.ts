import { useEffect, useState } from 'react'

/** The time in ms, anew every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/**
 * What the clock's time in ms is put right to, anew every so often. It is read in the moment in which that is done: what the
 * clock said before somebody set it does not go with what it is off by since.
 */
export function useNowPutRight<Time>(everyMs: number, putRight: (now: number) => Time): Time {
  useNow(everyMs)
  return putRight(Date.now())
}
