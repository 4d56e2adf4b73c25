/** Somebody who may approves what the person at the till may not do alone; and the screen of those who sell nothing. */
export const approval = {
  title: 'Approval by PIN',
  text: '{{name}} may not do this alone. Whoever approves it answers for it.',
  who: 'Who approves',
  other: 'Somebody else',
  confirm: 'Approve',
  offlineUnknown:
    'There is no connection. Without one, only people who have signed in on this tablet before can approve.',
} as const

export const work = {
  title: 'Your work',
  notRunning: 'You are not at work.',
  since: 'At work since {{time}}.',
  runs: '{{hours}} h {{minutes}} min',
  last: 'Your last days',
  none: 'Nothing recorded yet.',
  now: 'now',
} as const
