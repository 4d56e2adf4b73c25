/**
 * What is done about each code: by the client, a person at the till, and whoever runs the gateway. Which of these ways a
 * module's code has is in its `words.ts`; a code without one does not compile. docs/codes.md is made of this and of the codes' own sentences.
 */
import type { RequestErrorCode } from '../graphql/errors.ts'
import { handling, type OperationCode } from '../modules/words.ts'

type Handling = {
  readonly title: string
  readonly client: string
  readonly person: string
  readonly operator: string
}

/** Codes that are handled alike are handled in one place. */
export const handlings = {
  later: {
    title: 'Not decided: send it again',
    client: 'Keeps the operation where it is in the queue and sends it again after a pause that grows.',
    person: 'Nothing; selling goes on.',
    operator:
      'Look where it lasts: `modula_deferred_total` by reason, `modula_writers_waiting`, `modula_database_waiting`, `/readyz`, the line "operations were put off" (docs/operations.md, alerts).',
  },
  damaged: {
    title: 'Damaged or made wrongly by the client',
    client: 'Keeps it among the rejected. Trying it again as it is comes to the same.',
    person:
      'Tell whoever looks after the tills; the sale itself stays readable in the list of refused operations.',
    operator:
      'A fault of the client, its store or the line: look at the device (`npm run admin -- device list`), its version, and whether its chain has a gap (docs/proof.md).',
  },
  defect: {
    title: 'A fault of the server',
    client: 'Keeps it among the rejected, with the number of the incident.',
    person: 'Tries it again once whoever runs the server says so; nothing is lost meanwhile.',
    operator:
      'Find the line "operation could not be decided" by its incident: it has the error. Mend it, then have it tried again (`retry: true`).',
  },
  chain: {
    title: 'Something before it was not applied',
    client: 'Keeps it among the rejected, beside what it builds on.',
    person: 'Settles the operation that it names first, then tries this one again.',
    operator: 'Nothing, unless many devices have it: then look for what was refused first.',
  },
  access: {
    title: 'Who may do what, where',
    client:
      'Keeps it among the rejected; for DEVICE_SHUT_OUT and DEVICE_NOT_ENROLLED of a whole request it keeps its queue and waits.',
    person: 'Has somebody do it who may, signs in again, or asks a manager.',
    operator:
      'Roles and branches: `npm run admin -- person ...`; freezing: `tenant unfreeze`, `branch unfreeze`; devices: `device let-in`, `device approve`.',
  },
  taken: {
    title: 'It is so already, or not any more',
    client: 'Keeps it among the rejected, and pulls: what is there now is on its way.',
    person: 'Looks at what is there now; discards it where that is what was wanted, or does it anew.',
    operator: 'Nothing.',
  },
  stale: {
    title: 'Prices that do not hold',
    client: 'Keeps it among the rejected, and pulls the menu and the policy.',
    person: 'A manager decides in the console whether the sale is taken into the books as it was paid.',
    operator:
      'Often from many tills: one of them has been offline too long, or is not up to date (`device list`, `modula_device_lag_changes`).',
  },
  input: {
    title: 'What was entered does not fit',
    client: 'Shows it where it was entered; of the queue it is kept among the rejected.',
    person: 'Corrects what was entered.',
    operator: 'Nothing.',
  },
} as const satisfies Record<string, Handling>
export type Way = keyof typeof handlings

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
