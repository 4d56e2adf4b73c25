/** Why somebody does not come in, in the words of the SDK. */
import { SyncFailed } from '../errors.ts'
import { TransportError, type TransportFault } from '../transport/transport.ts'
import { lockMs } from './person.ts'

export const isTransport = (error: unknown, kind: TransportFault): error is TransportError =>
  error instanceof TransportError && error.kind === kind

const hasCode = (error: unknown, codes: readonly string[]) =>
  error instanceof SyncFailed && codes.includes(error.code)

/** The gateway does not let them in. */
export const isRefusal = (error: unknown) =>
  hasCode(error, ['WRONG_PIN', 'NO_MEMBERSHIP', 'MEMBERSHIP_NOT_ACTIVE'])

const ofDevice = [
  ...['TOO_MANY_ATTEMPTS', 'UNKNOWN_PERSON', 'DEVICE_SHUT_OUT'],
  ...['DEVICE_NOT_ENROLLED', 'ENROLMENT_CODE_WRONG'],
]

/** Said about the person or the device; anything else is about the line. */
export const isDecision = (error: unknown) => isRefusal(error) || hasCode(error, ofDevice)

export const wrongPin = (message: string, cause?: unknown) =>
  new SyncFailed('WRONG_PIN', message, null, { cause })

export const tooManyAttempts = () =>
  new SyncFailed('TOO_MANY_ATTEMPTS', 'Too many wrong PINs; try again in a minute.', { retryAfterMs: lockMs })

export const unknownPerson = () =>
  new SyncFailed('UNKNOWN_PERSON', 'This person has not signed in on this device under this staff code.')

/** Why no PIN can be checked here without a connection. */
export const cannotSeal = () =>
  globalThis.isSecureContext === false
    ? new SyncFailed(
        'INSECURE_CONTEXT',
        'Without a connection, a PIN can be checked only on a page with https.',
      )
    : new SyncFailed(
        'NO_WEBCRYPTO',
        'Without a connection, no PIN can be checked here: there is no WebCrypto.',
      )
