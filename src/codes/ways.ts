/**
 * The ways in which codes are handled: what the client does, a person at the till, and whoever runs the gateway. A
 * module's `words.ts` says which of them each of its codes has. Pure: it goes into the client's package as well.
 */
export type Handling = {
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
