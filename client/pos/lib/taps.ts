/**
 * A finger that is lifted presses at once. The browser would first tell of a mouse that went there, pressed and came up,
 * with what lies under it looked for each time, and move the focus: a third of what a tap takes on a slow tablet.
 */

/** A finger that comes down this soon after something moved stops it, and presses nothing. */
const stoppingMs = 150

/** Buttons in `area` are pressed so from here on; those that are pressed otherwise, as ever. Returns how to stop. */
export function pressAtOnce(area: HTMLElement): () => void {
  let movedAt = Number.NEGATIVE_INFINITY
  let held: HTMLElement | null = null

  const onMove = ({ timeStamp }: Event) => {
    movedAt = timeStamp
  }
  const onDown = ({ target, touches, timeStamp }: TouchEvent) => {
    const isOne = touches.length === 1 && timeStamp - movedAt > stoppingMs
    held = isOne ? (target as Element).closest('button') : null
  }
  const onUp = (event: TouchEvent) => {
    const finger = event.changedTouches[0]!
    // A finger that scrolls cannot be called off.
    if (!event.cancelable || !held || !isOver(held, finger)) return
    // Else the browser would press once more what is there by then.
    event.preventDefault()
    // The keyboard on the screen goes, as with every tap beside its field.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
    held.click()
    held = null
  }

  // All of them, as whatever scrolls within it moves too.
  area.addEventListener('scroll', onMove, { passive: true, capture: true })
  area.addEventListener('touchstart', onDown, { passive: true })
  area.addEventListener('touchend', onUp)
  return () => {
    area.removeEventListener('scroll', onMove, { capture: true })
    area.removeEventListener('touchstart', onDown)
    area.removeEventListener('touchend', onUp)
  }
}

function isOver(element: HTMLElement, { clientX, clientY }: Touch): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect()
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
}
