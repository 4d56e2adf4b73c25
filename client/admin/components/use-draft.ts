import { useState } from 'react'

/** What is typed in a form, and a way to change one field of it. */
export function useDraft<Draft extends object>(
  initial: () => Draft,
): [draft: Draft, change: (part: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(initial)
  return [draft, (part) => setDraft((before) => ({ ...before, ...part }))]
}

/** `as` is there, with what was touched; the rest follows it, whatever comes in. */
export function useTouched<Draft extends object>(
  as: Draft,
): { draft: Draft; isTouched: boolean; change: (part: Partial<Draft>) => void; reset: () => void } {
  const [touched, setTouched] = useState<Partial<Draft> | null>(null)
  return {
    draft: { ...as, ...touched },
    isTouched: touched !== null,
    change: (part) => setTouched((before) => ({ ...before, ...part })),
    reset: () => setTouched(null),
  }
}
