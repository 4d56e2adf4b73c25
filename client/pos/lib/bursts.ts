/**
 * A scanner of barcodes types like a keyboard, faster than anybody, and ends with Enter: that must not press what has the
 * focus. People type amounts of fewer digits, and slower.
 */
const scannedAtLeast = 6
const fasterThanPeopleMs = 35
/** Where no field has the focus nobody types at all: there a scanner may be slow, or its radio keep keys back. */
const slowestScannerMs = 150

/** `isInField`: what is typed goes into one; left out: it does. */
export type Key = Pick<KeyboardEvent, 'key' | 'timeStamp'> & { isInField?: boolean }

/** Tells of each key whether it is the Enter at the end of a scan. */
export function createBurstWatch(): (key: Key) => boolean {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  return ({ key, timeStamp, isInField = true }) => {
    const isFast = timeStamp - last <= (isInField ? fasterThanPeopleMs : slowestScannerMs)
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
    const { key, timeStamp, target: at } = event as KeyboardEvent
    const isInField = at instanceof Element && at.matches('input, textarea, [contenteditable]')
    if (!isEndOfScan({ key, timeStamp, isInField })) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  target.addEventListener('keydown', onKeyDown, { capture: true })
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true })
}
