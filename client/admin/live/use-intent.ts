/** Something to be done by the gateway, from a button. */
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { type OnlinePayloads, type OnlineType, TransportError, type Verdict } from '../../sdk/index.ts'
import { type Intent, type IntentEvent, intentAfter, isOpen } from '../lib/intent.ts'
import { useBackend } from './console.ts'

export type UseIntent<Input> = {
  readonly state: Intent<Input>
  readonly isOpen: boolean
  send(input: Input): void
  again(): void
  dismiss(): void
}

/** `branchId`: null where it is about the whole business. `onDone`: it was applied. */
export function useIntent<Type extends OnlineType>(
  type: Type,
  options: { branchId?: string | null; done: string; onDone?: (verdict: Verdict) => void },
): UseIntent<OnlinePayloads[Type]> {
  type Input = OnlinePayloads[Type]
  const { branchId = null, done, onDone } = options
  const { gateway, readings } = useBackend()
  const { t } = useTranslation('admin')
  const [state, setState] = useState<Intent<Input>>({ is: 'idle' })
  /** What is on screen may lag behind a double click. */
  const latest = useRef(state)

  function step(event: IntentEvent<Input>): void {
    const before = latest.current
    latest.current = intentAfter(before, event)
    setState(latest.current)
    if (latest.current.is === 'sending' && before !== latest.current) void run(latest.current)
  }

  async function run({ key, input }: { key: string; input: Input }): Promise<void> {
    try {
      const verdict = await gateway.act(type, input, { key, branchId })
      step({ on: 'verdict', verdict })
      // Nothing nudges for what was rejected, and not everything that changes is in a stream.
      readings.refresh()
      if (verdict.status !== 'APPLIED') return
      notifications.show({
        color: 'green',
        message: done,
        closeButtonProps: { 'aria-label': t('shell.close') },
      })
      onDone?.(verdict)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      const { code, message, kind, sent } = error
      step({ on: 'fault', problem: { code, message }, mayHaveBeenDone: sent && kind === 'unreachable' })
    }
  }

  return {
    state,
    isOpen: isOpen(state),
    send: (input) => step({ on: 'send', key: newId(), input }),
    again: () => step({ on: 'again' }),
    dismiss: () => step({ on: 'dismiss' }),
  }
}
