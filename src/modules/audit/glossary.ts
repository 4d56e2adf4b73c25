import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  AuditEvent: 'An entry of the audit trail, which is only ever added to.',
  'AuditEvent.name': 'What happened.',
  'AuditEvent.id': 'In the order of writing.',
  data: 'What is to be known of it.',
}
