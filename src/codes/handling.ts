/**
 * What is done about each code. Which way a module's code has is in its `words.ts`; a code without one does not compile.
 * docs/codes.md is made of this and of the codes' own sentences.
 */
import type { RequestErrorCode } from '../graphql/errors.ts'
import { handling, type OperationCode } from '../modules/words.ts'
import type { Handling, Way } from './ways.ts'

export const handlingOf: Readonly<Record<OperationCode, Way>> = {
  PAYLOAD_INVALID: 'damaged',
  PAYLOAD_HASH_MISMATCH: 'damaged',
  CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD: 'damaged',
  OPERATION_UNKNOWN: 'damaged',
  OPERATION_NOT_SUPPORTED_OFFLINE: 'damaged',
  OPERATION_FAILED: 'defect',
  DEPENDENCY_MISSING: 'chain',
  DEPENDENCY_FAILED: 'chain',
  BRANCH_CONTEXT_REQUIRED: 'damaged',
  ACTOR_NOT_ALLOWED: 'access',
  ACTOR_PROOF_REQUIRED: 'access',
  TENANT_NOT_ACTIVE: 'access',
  NO_MEMBERSHIP: 'access',
  MEMBERSHIP_NOT_ACTIVE: 'access',
  NO_BRANCH_ACCESS: 'access',
  BRANCH_FROZEN: 'access',
  ACTION_NOT_PERMITTED: 'access',
  DEVICE_NOT_YOURS: 'access',
  DEVICE_SHUT_OUT: 'access',
  DEVICE_NOT_ENROLLED: 'access',
  ENROLMENT_CODE_WRONG: 'access',
  OVERLOADED: 'later',
  BUSY: 'later',
  UNAVAILABLE: 'later',
  EARLIER_OPERATION_DEFERRED: 'later',
  STREAM_RESET: 'later',
  ...handling,
}

/** Of whole requests: nothing was decided, so nothing is lost. */
export const requestHandling: Readonly<Record<RequestErrorCode, Omit<Handling, 'title'> & { why: string }>> =
  {
    UNAUTHENTICATED: {
      why: 'There is no token, it has run out, or it was made worthless (a new PIN, a revocation).',
      client: 'Keeps its queue and asks for a new sign-in.',
      person: 'Signs in again.',
      operator:
        'From everybody at once: the keys or the clock of the identity provider, or another database.',
    },
    FORBIDDEN: {
      why: 'Whoever asks may not; `reason` is one of the codes below.',
      client: 'Keeps its queue, stops asking, and says the reason.',
      person: 'Asks a manager.',
      operator: 'As for the reason.',
    },
    BAD_USER_INPUT: {
      why: 'The request is not what the schema takes.',
      client: 'Is to be mended; it keeps its queue.',
      person: 'Nothing.',
      operator: 'Look which version of which client sends it.',
    },
    BATCH_TOO_LARGE: {
      why: 'The batch has more operations or bytes than MAX_BATCH and MAX_BATCH_BYTES allow.',
      client: 'Halves its batch and sends again.',
      person: 'Nothing.',
      operator: 'Nothing; behind a proxy, see that it takes bodies of 5 MB.',
    },
    RATE_LIMITED: {
      why: 'The account, or without a token the address, asked too often.',
      client: 'Waits `retryAfterMs` and sends again.',
      person: 'Nothing.',
      operator:
        'From many at once behind a proxy: TRUST_PROXY is missing, and all tills are one address. Else RATE_LIMIT_PER_SECOND.',
    },
    TOO_MANY_ATTEMPTS: {
      why: 'Too many wrong PINs for this staff code from here; or too many wait for theirs to be looked at.',
      client: 'Says for how long.',
      person: 'Waits, or has a manager set a new PIN, which begins anew.',
      operator:
        '`modula_sign_ins_total{result="LOCKED"}` and the lines "a sign-in was refused" say from where.',
    },
    SERVICE_UNAVAILABLE: {
      why: 'The database or the identity provider is away, or the request took longer than REQUEST_TIMEOUT_MS.',
      client: 'Waits and sends again; selling goes on.',
      person: 'Nothing.',
      operator: '`/readyz`, the pool, the disk of the database.',
    },
    INTERNAL: {
      why: 'A fault of the server, with the number of an incident.',
      client: 'Waits and sends again.',
      person: 'Nothing.',
      operator: 'Find the line "request failed" by its incident.',
    },
  }
