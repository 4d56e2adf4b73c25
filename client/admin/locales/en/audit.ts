/** The audit trail: who did what, when, on which device. */
export const audit = {
  title: 'Audit trail',
  adminOnly: 'Only an administrator sees the audit trail',
  adminOnlyText: 'You are signed in as {{role}}. Ask an administrator.',
  none: 'Nothing recorded',
  noneText: 'What people do shows here as it happens.',
  event: 'What',
  anyEvent: 'Anything',
  who: 'Who',
  when: 'When',
  where: 'Device',
  open: 'Details: {{event}}',
  details: {
    by: 'Done by',
    submittedBy: 'Sent with the sign-in of',
    lane: 'How it came',
    deviceTime: 'Device’s time',
    serverTime: 'Server’s time',
    key: 'Key',
    data: 'What was recorded',
    number: 'Number',
  },
} as const
