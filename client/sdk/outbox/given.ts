/**
 * The one entrance of what an app hands in: keys in small letters, as the gateway keeps them, and payloads as their
 * contract reads them. Behind it nobody meets a key in another spelling.
 */
import * as z from 'zod/mini'
import { uuid } from '../../../src/modules/primitives.ts'
import { isKept } from '../../../src/sync/clock.ts'
import { contractIssues } from '../../../src/sync/contract-issues.ts'
import { lookThrough, maxPayloadBytes } from '../../../src/sync/json-fault.ts'
import type { AnyOperationDefinition } from '../../../src/sync/module.ts'
import { OperationBlocked } from '../errors.ts'
import type { Modules } from '../modules/modules.ts'
import type { AnyWhere, Json } from '../words.ts'

const invalid = (issues: { path: string; message: string }[]) =>
  new OperationBlocked(
    'PAYLOAD_INVALID',
    `The operation is not well formed: ${issues[0]?.path} ${issues[0]?.message}.`,
    { issues },
  )

/** A key that an app has made. Throws OperationBlocked where it is no UUID: no gateway would take it. */
export function keyOf(given: string): string {
  const { data } = uuid.safeParse(given)
  if (data === undefined) throw invalid([{ path: 'clientOpId', message: 'is no UUID' }])
  return data
}

/** When an app, or this device's clock, says that it was. Throws OperationBlocked where the wire has no such time. */
export function timeOf(given: Date | string): string {
  const time = new Date(given)
  if (!isKept(time)) throw invalid([{ path: 'occurredAt', message: 'is no time' }])
  return time.toISOString()
}

/** What may be queued, as it will be sent and hashed. Throws OperationBlocked. */
export function checkedPayload(modules: Modules, type: string, given: unknown): Json {
  const definition = modules.operation(type)?.definition
  if (!definition?.offline)
    throw new OperationBlocked(
      'OPERATION_NOT_SUPPORTED_OFFLINE',
      'This cannot be done offline: it needs a connection.',
      { type },
    )
  const { payload, issues } = readPayload(definition, given)
  if (issues) throw invalid(issues)
  return payload
}

/** What goes through the direct lane, as a queue would carry it; what does not fit is the gateway's to refuse. */
export function onlinePayload(modules: Modules, type: string, given: unknown): Json {
  const definition = modules.operation(type)?.definition
  const reading = definition ? readPayload(definition, given) : null
  return reading?.payload ?? jsonOf(given)
}

/** Nothing is null: what needs no input is asked for without. Throws OperationBlocked. */
function jsonOf(given: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(given ?? null))
  } catch {
    throw invalid([{ path: 'payload', message: 'is not JSON' }])
  }
}

type Reading =
  | { payload: Json; issues?: undefined }
  | { payload?: undefined; issues: { path: string; message: string }[] }

function readPayload(definition: AnyOperationDefinition, given: unknown): Reading {
  const json = jsonOf(given)
  const { fault } = lookThrough(json)
  if (fault) return { issues: [{ path: fault.path, message: fault.problem }] }
  const { data, error } = definition.payload.safeParse(json)
  if (error)
    return {
      issues: contractIssues(error).map(({ path, message }) => ({
        path: ['payload', ...path].join('.'),
        message,
      })),
    }
  const text = JSON.stringify(data)
  const bytes = new TextEncoder().encode(text).length
  if (bytes > maxPayloadBytes)
    return {
      issues: [{ path: 'payload', message: `is ${bytes} bytes; at most ${maxPayloadBytes} are accepted` }],
    }
  return { payload: JSON.parse(text) as Json }
}

const isKey = (value: unknown): value is string => z.guid().safeParse(value).success

export const idOf = (modules: Modules, kind: string, given: string): string =>
  modules.isKeyed(kind) && isKey(given) ? given.toLowerCase() : given

/** The condition, with its keys in small letters. */
export function whereOf(modules: Modules, kind: string, where: AnyWhere | undefined): AnyWhere | undefined {
  if (!where || typeof where === 'function' || !modules.isKeyed(kind)) return where
  return Object.fromEntries(
    Object.entries(where).map(([name, value]) => [name, isKey(value) ? value.toLowerCase() : value]),
  )
}
