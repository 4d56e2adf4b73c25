/**
 * Milliseconds since 1970 with their fractions, the same in all processes of the machine. Node's own
 * `timeOrigin` is set once at a process's start and drifts from the others'.
 */
const offset = (() => {
  const before = Date.now()
  let now = before
  while (now === before) now = Date.now()
  return now - performance.now()
})()

export const wallClock = () => offset + performance.now()
