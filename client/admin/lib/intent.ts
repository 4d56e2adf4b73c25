/**
 * What somebody wants done, from the button to the verdict. An intent has a key of its own: what was sent under it and
 * got no answer can be sent again, and is done once. What was decided against is over, and the next try is another intent.
 *
 *   idle ── send ──> sending ── applied ──> done
 *                      │  ^ ── refused ──> refused ── send ──> sending, under a new key
 *                      │  └── again ── lost
 *                      └── no answer, or put off ──> lost
 */
import type { Json, Verdict } from '../../sdk/index.ts'

type Problem = { readonly code: string; readonly message: string; readonly details?: Json }

export type Intent<Input> =
  | { readonly is: 'idle' }
  | { readonly is: 'sending'; readonly key: string; readonly input: Input }
  /** It may have been done. `putOff`: it was not, the server asks to send it again. */
  | { readonly is: 'lost'; readonly key: string; readonly input: Input; readonly putOff: boolean }
  | { readonly is: 'refused'; readonly problem: Problem }
  | { readonly is: 'done'; readonly verdict: Verdict }

export type IntentEvent<Input> =
  | { readonly on: 'send'; readonly key: string; readonly input: Input }
  | { readonly on: 'again' }
  | { readonly on: 'verdict'; readonly verdict: Verdict }
  /** No verdict. `mayHaveBeenDone`: it was sent. */
  | { readonly on: 'fault'; readonly problem: Problem; readonly mayHaveBeenDone: boolean }
  | { readonly on: 'dismiss' }

/** Nothing else may be sent meanwhile: it could be the same thing twice. */
export const isOpen = <Input>({ is }: Intent<Input>): boolean => is === 'sending' || is === 'lost'

/** The fields of the payload that a refusal names. */
export function fieldsIn<Input>(intent: Intent<Input>): ReadonlySet<string> {
  const details = intent.is === 'refused' ? intent.problem.details : null
  const { issues = [] } = (details ?? {}) as { issues?: { path: string }[] }
  return new Set(issues.flatMap(({ path }) => /^payload\.(\w+)/.exec(path)?.[1] ?? []))
}

/** An event that does not fit changes nothing. */
export function intentAfter<Input>(intent: Intent<Input>, event: IntentEvent<Input>): Intent<Input> {
  switch (event.on) {
    case 'send':
      return isOpen(intent) ? intent : { is: 'sending', key: event.key, input: event.input }
    case 'again':
      return intent.is === 'lost' ? { is: 'sending', key: intent.key, input: intent.input } : intent
    case 'verdict':
      return intent.is === 'sending' ? afterVerdict(intent, event.verdict) : intent
    case 'fault': {
      if (intent.is !== 'sending') return intent
      const { key, input } = intent
      return event.mayHaveBeenDone
        ? { is: 'lost', key, input, putOff: false }
        : { is: 'refused', problem: event.problem }
    }
    case 'dismiss':
      return intent.is === 'sending' ? intent : { is: 'idle' }
  }
}

function afterVerdict<Input>({ key, input }: { key: string; input: Input }, verdict: Verdict): Intent<Input> {
  switch (verdict.status) {
    case 'APPLIED':
      return { is: 'done', verdict }
    case 'DEFERRED':
      return { is: 'lost', key, input, putOff: true }
    case 'REJECTED':
      return {
        is: 'refused',
        problem: {
          code: verdict.code ?? 'REJECTED',
          message: verdict.message ?? verdict.code ?? '',
          ...(verdict.details !== null && { details: verdict.details }),
        },
      }
  }
}
