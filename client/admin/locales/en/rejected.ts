/** Rejected: what the server decided against, why, and what to do about it. */
export const rejected = {
  title: 'Rejected operations',
  none: 'Nothing was rejected',
  noneText: 'Operations that the server decides against show here, with the reason.',
  code: 'Reason',
  anyCode: 'Any reason',
  when: 'Decided',
  operation: 'Operation',
  person: 'Person',
  device: 'Device',
  number: 'no. {{number}}',
  open: 'Details: {{type}}, {{when}}',
  view: { desk: 'To deal with', settled: 'Dealt with', all: 'All rejections' },
  desk: {
    session: 'Made in the session of {{time}}',
    unknownSession: 'Made in a session that was never opened here',
    noSession: 'Of no cash session',
    closed: 'Closed {{time}}.',
    stillOpen: 'Still open: on the device, it can be sent again.',
    chosen_one: '{{count}} chosen, {{total}} of sales',
    chosen_other: '{{count}} chosen, {{total}} of sales',
    bookOpen_one: 'Book into the open session',
    bookOpen_other: 'Book {{count}} into the open session',
    bookedOpen: 'Booked into the open session.',
    what: 'A supplement books it where it was sold: the closing stays as it was written, and its difference is explained. Into the open session: when the cash is in the drawer of now. Given up: it never was, and the money is not counted.',
    reasonHint: 'Needed to give up; kept with whatever is done.',
    which: 'In which session was it made?',
    whichHint:
      'Its device had opened one of its own, which was refused. Leave it empty to book into the open one.',
    noneSettled: 'Nothing was dealt with yet.',
  },
  details: {
    todo: 'What to do',
    by: 'Done by',
    submittedBy: 'Sent with the sign-in of',
    lane: 'How it came',
    deviceTime: 'Device’s time',
    serverTime: 'Server’s time',
    between: 'Between the two',
    waited: 'It waited {{duration}} on the device.',
    atOnce: 'It was decided at once.',
    ahead: 'The device’s clock is {{duration}} ahead.',
    key: 'Key',
    dependsOn: 'Builds on',
    dependants: 'Rejected because of it',
    noDependants: 'Nothing else was rejected because of it.',
    payload: 'As it was sent',
    more: 'More about the reason',
  },
  advice: {
    other:
      'Look at the reason with the person. On the device, the operation waits under “not accepted”: it can be sent again there, or discarded with a reason.',
    BRANCH_FROZEN: 'Unfreeze the branch when it may go on, then have the operation sent again on the device.',
    CASH_SESSION_NOT_OPEN: 'On the device, send it to the session that is open now: it stays the same sale.',
    CASH_SESSION_ALREADY_OPEN:
      'Another device had opened the session before. On the device, send what belongs to this opening to the session that is open.',
    DEPENDENCY_FAILED:
      'Solve the operation that it builds on first: what depends on it is sent again together with it.',
    DEPENDENCY_MISSING: 'Something before it never arrived. See under Devices whether numbers are missing.',
    SALE_TOTALS_MISMATCH:
      'The till added up differently from the server. Bring the till up to date, and check the receipt with the person.',
    ACTION_NOT_PERMITTED:
      'The person’s role does not allow it. An administrator can change the role under Staff; then send it again on the device.',
    NO_BRANCH_ACCESS: 'Assign the person to the branch under Staff, then send it again on the device.',
    MEMBERSHIP_NOT_ACTIVE:
      'The person’s access was revoked. An administrator can give it back under Staff; then send it again on the device.',
    ACTOR_NOT_ALLOWED: 'The person has to sign in once on that device; then send it again there.',
    OPERATION_UNKNOWN: 'The app on the device is newer or older than the server. Bring both up to date.',
    PAYLOAD_HASH_MISMATCH:
      'It was damaged on the device or on the way. Send it again on the device; if it stays, discard it there and enter it anew.',
  },
} as const
