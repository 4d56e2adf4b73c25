/**
 * A scanner of barcodes types like a keyboard, faster than anybody, and ends with Enter: that must not press what has the
 * focus. People type amounts of fewer digits, and slower.
 */
const scannedAtLeast = 6
const fasterThanPeopleMs = 35

export type Key = Pick<KeyboardEvent, 'key' | 'timeStamp'>

/** Tells of each key whether it is the Enter at the end of a scan. */
export function createBurstWatch(): (key: Key) => boolean {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  return ({ key, timeStamp }) => {
    const isFast = timeStamp - last <= fasterThanPeopleMs
    last = timeStamp
    if (key === 'Enter') {
      const isScan = isFast && count >= scannedAtLeast
      count = 0
      return isScan
    }
    // What was typed into the field before is no part of what this one gets.
    if (key === 'Tab') count = 0
    if (key.length === 1) count = isFast ? count + 1 : 1
    return false
  }
}

/** From here on no scan presses anything. Returns how to stop. */
export function ignoreScans(target: EventTarget): () => void {
  const isEndOfScan = createBurstWatch()
  const onKeyDown = (event: Event) => {
    if (!isEndOfScan(event as KeyboardEvent)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  target.addEventListener('keydown', onKeyDown, { capture: true })
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true })
}
