import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  Branch: 'A café of the business.',
  Tenant: 'The business.',
  'Query.tenant': 'The business, for its members.',
  'Query.branch': 'One branch.',
  timeZone: 'By which days are; an IANA name, such as Asia/Phnom_Penh.',
  actingDays:
    "Days after signing in on a device during which a person's work may come from it under another's token.",
  managerPinDigits: 'How many digits the PIN of a MANAGER or an ADMIN has at least.',
  refuseRevisionsOlderDays:
    'Days after which a sale by a price or policy that was replaced is refused; null: never.',
  deviceEnrolment: 'Which devices are let in.',
  DeviceEnrolment: 'OPEN: any device may sign in. APPROVED: only those that were let in.',
}
