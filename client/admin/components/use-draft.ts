import { useState } from 'react'

/** What is typed in a form, and a way to change one field of it. */
export function useDraft<Draft extends object>(
  initial: () => Draft,
): [draft: Draft, change: (part: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(initial)
  return [draft, (part) => setDraft((before) => ({ ...before, ...part }))]
}
