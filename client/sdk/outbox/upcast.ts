/**
 * Old payloads, brought to the shape of today. An app that was updated finds operations in its queue that an older
 * version of it made; steps, each with a name, bring them up before they are sent. What was sent once stays as it
 * is: the server may know it under its hash, and it accepts what it once published.
 */
import type { Upcast } from '../api.ts'
import type { Json, QueuedOperation } from '../words.ts'
import { payloadHashOf } from './hash.ts'

export class Upcasts {
  readonly #steps: readonly Upcast[]

  /** Throws where two steps start from the same version, or a step is missing between two. */
  constructor(steps: readonly Upcast[]) {
    this.#steps = [...steps].sort((a, b) => a.from - b.from)
    for (const type of new Set(steps.map((step) => step.type))) {
      const own = this.#steps.filter((step) => step.type === type)
      own.forEach((step, i) => {
        if (step.from !== i + 1)
          throw new Error(`upcasts of ${type} must start at version 1 and leave none out: "${step.name}"`)
      })
    }
  }

  /** The version that operations of this type are made in today. */
  current(type: string): number {
    return 1 + this.#steps.filter((step) => step.type === type).length
  }

  /** The operation in the shape of today; itself where it is, where it was sent, or where it is from a newer app. */
  apply(operation: QueuedOperation): QueuedOperation {
    if (operation.attempted) return operation
    const steps = this.#steps.filter(
      ({ type, from }) => type === operation.type && from >= operation.payloadVersion,
    )
    if (steps.length === 0) return operation
    const payload = steps.reduce<Json>((old, step) => step.up(old), operation.payload)
    const { type, branchId } = operation
    return {
      ...operation,
      payload,
      payloadVersion: this.current(type),
      payloadHash: payloadHashOf({ type, branchId, payload }),
    }
  }
}
