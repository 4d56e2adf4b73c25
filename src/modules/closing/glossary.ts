import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  content: 'What is hashed: docs/proof.md.',
  supplements: 'What was booked into it afterwards.',
  ProofExportPage: 'A part of an export.',
  'Query.proofExport.after': 'What the page before said as `next`; left out: from the beginning.',
  'Query.proofExport.from': 'Closings recorded from then on.',
  'LateOperations.count': 'How many operations.',
  refusedAt: "By the server's clock.",
  settled: 'Whether somebody has dealt with it.',
  settledAt: "By the server's clock; null: nobody has.",
  settledBy: 'The account of who has dealt with it; null: nobody has.',
  'Refusal.reason': 'Why it was dealt with so, as somebody has said it.',
  'Refusal.payload': 'What the operation says; null: it is not kept any more.',
  'Refusal.cashSessionId': 'The session that it was for; null: for none.',
  'CashSessionBookRefusedInput.actorId':
    'Who did it, where the person was the matter; left out: as it says itself.',
  'CashSessionSupplementInput.actorId':
    'Who did it, where the person was the matter; left out: as it says itself.',
  'OperationGiveUpInput.operations': 'As their device has them.',
  OperationGiveUpOperationsEntryInput: 'An operation as its device has it.',
}
