/**
 * A scanner of barcodes types like a keyboard, faster than anybody, and ends with Enter: that must not press what has the
 * focus. People type amounts of fewer digits, and slower.
 */
const scannedAtLeast = 6
const fasterThanPeopleMs = 35
/** Where no field has the focus nobody types at all: there a scanner may be slow, or its radio keep keys back. */
const slowestScannerMs = 150

/** `field`: what it is typed into, if anything. */
export type Key = Pick<KeyboardEvent, 'key' | 'timeStamp'> & { field: unknown }

/** Tells of each key whether it is the Enter at the end of a scan. */
export function createBurstWatch(): (key: Key) => boolean {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  let into: unknown = null
  return ({ key, timeStamp, field }) => {
    const isFast = timeStamp - last <= (field ? fasterThanPeopleMs : slowestScannerMs)
    last = timeStamp
    // What was typed elsewhere before is no part of what this one gets: a code, Tab, a PIN; `/`, and what is sought.
    if (field !== into) count = 0
    into = field
    if (key === 'Enter') {
      const isScan = isFast && count >= scannedAtLeast
      count = 0
      return isScan
    }
    if (key.length === 1) count = isFast ? count + 1 : 1
    return false
  }
}

/** From here on no scan presses anything. Returns how to stop. */
export function ignoreScans(target: EventTarget): () => void {
  const isEndOfScan = createBurstWatch()
  const onKeyDown = (event: Event) => {
    const { key, timeStamp, target: at } = event as KeyboardEvent
    const field = at instanceof Element ? at.closest('input, textarea, [contenteditable]') : null
    if (!isEndOfScan({ key, timeStamp, field })) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  target.addEventListener('keydown', onKeyDown, { capture: true })
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true })
}
