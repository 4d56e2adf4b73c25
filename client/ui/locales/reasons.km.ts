import type { OperationCode } from '../../../src/modules/words.ts'

/** Codes of the SDK, and of whole requests. */
type OtherCode =
  | 'OFFLINE'
  | 'SIGNED_OUT'
  | 'UNAUTHENTICATED'
  | 'WRONG_PIN'
  | 'APPROVAL_LAPSED'
  | 'TOO_MANY_ATTEMPTS'
  | 'UNKNOWN_PERSON'
  | 'INSECURE_CONTEXT'
  | 'CACHE_MISSING'
  | 'NOT_FAILED'
  | 'CANNOT_REASSIGN'
  | 'IMPORT_INVALID'
  | 'STORAGE_FULL'
  | 'STORAGE_UNAVAILABLE'
  | 'STORAGE_FAILED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL'
  | 'STORAGE_BLOCKED'
  | 'STORAGE_IN_USE'
  | 'STORAGE_NEWER'
  | 'RECORD_DAMAGED'
  | 'RESET_AGAIN'
  | 'UPCAST_FAILED'
  | 'NO_ANSWER'
  | 'CLOSED'
  | 'LINE_TOO_SLOW'
  | 'CONNECTION_LOST'
  | 'REQUEST_TOO_LARGE'
  | 'WRONG_ADDRESS'
  | 'PROXY_ERROR'
  | 'NOT_THE_SERVER'

/** Every code that a person may meet, in Khmer. The words are those of the apps' strings (see `km.ts`). */
export const reasons: Record<OperationCode | OtherCode, string> = {
  PAYLOAD_INVALID: 'ទិន្នន័យដែលបានបញ្ចូលមិនត្រឹមត្រូវទេ។',
  PAYLOAD_HASH_MISMATCH: 'ប្រតិបត្តិការនេះខូចពេលកំពុងផ្ញើ។',
  CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD: 'លេខសម្គាល់ប្រតិបត្តិការនេះធ្លាប់ប្រើរួចហើយ គ្មានអ្វីត្រូវបានផ្លាស់ប្ដូរទេ។',
  OPERATION_UNKNOWN: 'ម៉ាស៊ីនមេមិនស្គាល់ប្រតិបត្តិការប្រភេទនេះទេ។',
  OPERATION_NOT_SUPPORTED_OFFLINE: 'ប្រតិបត្តិការនេះត្រូវការអ៊ីនធឺណិត។',
  OPERATION_FAILED: 'ម៉ាស៊ីនមេមិនអាចដំណើរការប្រតិបត្តិការនេះបានទេ។',
  DEPENDENCY_MISSING: 'ប្រតិបត្តិការមុនដែលត្រូវមានជាមុន មិនទាន់មកដល់ទេ។',
  DEPENDENCY_FAILED: 'ប្រតិបត្តិការមុនដែលត្រូវមានជាមុន មិនបានជោគជ័យទេ។',
  BRANCH_CONTEXT_REQUIRED: 'ប្រតិបត្តិការនេះមិនបានបញ្ជាក់សាខាទេ។',
  ACTOR_NOT_ALLOWED: 'អ្នកដែលមានឈ្មោះនេះមិនធ្លាប់ចូលប្រើលើឧបករណ៍នេះទេ។',
  ACTOR_PROOF_REQUIRED: 'អ្នកដែលបានធ្វើរឿងនេះត្រូវចូលប្រើលើឧបករណ៍នេះ ដើម្បីផ្ញើវា។',
  TENANT_NOT_ACTIVE: 'អាជីវកម្មនេះត្រូវបានផ្អាក មិនអាចផ្លាស់ប្ដូរអ្វីបានទេ។',
  NO_MEMBERSHIP: 'អ្នកមិនមែនជាសមាជិកនៃអាជីវកម្មនេះទេ។',
  MEMBERSHIP_NOT_ACTIVE: 'សមាជិកភាពរបស់អ្នកក្នុងអាជីវកម្មនេះបានបញ្ចប់ហើយ។',
  NO_BRANCH_ACCESS: 'អ្នកមិនត្រូវបានចាត់តាំងឱ្យធ្វើការនៅសាខានេះទេ។',
  BRANCH_FROZEN: 'សាខានេះត្រូវបានផ្អាក មិនអាចផ្លាស់ប្ដូរអ្វីបានទេ រហូតដល់បើកឡើងវិញ។',
  ACTION_NOT_PERMITTED: 'តួនាទីរបស់អ្នកមិនអនុញ្ញាតឱ្យធ្វើការនេះទេ។',
  DEVICE_NOT_YOURS: 'អ្នកបានចូលប្រើលើឧបករណ៍ផ្សេង។',
  DEVICE_SHUT_OUT: 'ឧបករណ៍នេះត្រូវបានបិទមិនឱ្យប្រើ។ អ្នកគ្រប់គ្រងអាចអនុញ្ញាតវិញបាន។',
  CASH_SESSION_ALREADY_OPEN: 'សាខានេះមានវេនសាច់ប្រាក់កំពុងបើករួចហើយ។',
  CASH_SESSION_NOT_OPEN: 'វេនសាច់ប្រាក់នេះមិនទាន់បើក ឬបានបិទហើយ។',
  CASH_SESSION_STILL_OPEN: 'វេនសាច់ប្រាក់នេះនៅបើកនៅឡើយ។',
  NEVER_SENT: 'វាត្រូវបានបោះបង់លើម៉ាស៊ីន មុនពេលត្រូវបានទទួល។',
  REFUSAL_UNKNOWN: 'រកមិនឃើញប្រតិបត្តិការដែលត្រូវបានបដិសេធនេះក្នុងវេននេះទេ។',
  ATTENDANCE_ALREADY_ACTIVE: 'អ្នកនេះបានចាប់ផ្ដើមធ្វើការរួចហើយ។',
  ATTENDANCE_NOT_ACTIVE: 'អ្នកនេះមិនទាន់ចាប់ផ្ដើមធ្វើការនៅសាខានេះទេ។',
  SALE_ALREADY_FINALIZED: 'ការលក់ផ្សេងមួយបានបញ្ចប់ក្រោមលេខសម្គាល់នេះរួចហើយ។',
  SALE_TOTALS_MISMATCH: 'ទឹកប្រាក់សរុបនៃការលក់មិនត្រូវនឹងតម្លៃទេ។',
  SALE_UNKNOWN: 'គ្មានការលក់នេះនៅសាខានេះទេ។',
  SALE_ALREADY_VOIDED: 'ការលក់នេះត្រូវបានលុបចោលរួចហើយ។',
  MENU_ITEM_UNKNOWN: 'មុខទំនិញនេះមិនមានក្នុងម៉ឺនុយទេ។',
  MENU_REVISION_TOO_OLD: 'តម្លៃនៃមុខទំនិញនេះត្រូវបានប្តូរយូរពេកហើយ។',
  MENU_REVISION_UNKNOWN: 'មុខទំនិញនេះមិនធ្លាប់លក់ក្នុងតម្លៃនេះទេ។',
  MENU_CATEGORY_UNKNOWN: 'គ្មានប្រភេទនេះក្នុងម៉ឺនុយទេ។',
  MENU_CATEGORY_IN_USE: 'ប្រភេទនេះនៅមានមុខទំនិញ មិនអាចលុបបានទេ។',
  MODIFIER_GROUP_UNKNOWN: 'គ្មានក្រុមជម្រើសបន្ថែមនេះទេ។',
  MODIFIER_GROUP_IN_USE: 'ក្រុមជម្រើសបន្ថែមនេះកំពុងប្រើដោយមុខទំនិញ មិនអាចលុបបានទេ។',
  POLICY_REVISION_TOO_OLD: 'គោលការណ៍នៃការលក់នេះត្រូវបានប្តូរយូរពេកហើយ។',
  POLICY_REVISION_UNKNOWN: 'ការលក់នេះគិតតម្លៃតាមគោលការណ៍ដែលមិនធ្លាប់ប្រើនៅទីនេះទេ។',
  MODIFIER_SELECTION_INVALID: 'ជម្រើសបន្ថែមដែលបានរើសមិនត្រឹមត្រូវទេ។',
  TENDER_INSUFFICIENT: 'ប្រាក់ទទួលមិនគ្រប់ទឹកប្រាក់សរុបទេ។',
  TENDER_METHOD_NOT_ALLOWED: 'ទីនេះទទួលតែសាច់ប្រាក់ប៉ុណ្ណោះ។',
  STOCK_ITEM_UNKNOWN: 'សាខានេះគ្មានមុខស្តុកនេះទេ។',
  STAFF_CODE_TAKEN: 'លេខកូដបុគ្គលិកនេះជារបស់អ្នកផ្សេងហើយ។',
  LAST_ADMIN: 'អាជីវកម្មនេះនឹងគ្មានអ្នកគ្រប់គ្រងទៀតទេ សូមតែងតាំងម្នាក់ទៀតជាមុនសិន។',
  OVERLOADED: 'ម៉ាស៊ីនមេរវល់ពេក នឹងព្យាយាមម្ដងទៀត។',
  BUSY: 'ម៉ាស៊ីនមេកំពុងរវល់ នឹងព្យាយាមម្ដងទៀត។',
  UNAVAILABLE: 'ម៉ាស៊ីនមេមិនអាចប្រើបាននៅពេលនេះ នឹងព្យាយាមម្ដងទៀត។',
  EARLIER_OPERATION_DEFERRED: 'ប្រតិបត្តិការមុននៅរង់ចាំ ដូច្នេះមួយនេះក៏រង់ចាំដែរ។',

  OFFLINE: 'គ្មានការតភ្ជាប់ទៅម៉ាស៊ីនមេទេ។',
  SIGNED_OUT: 'គ្មាននរណាម្នាក់ចូលប្រើទេ។',
  UNAUTHENTICATED: 'សូមចូលប្រើម្ដងទៀត។',
  APPROVAL_LAPSED: 'ការអនុញ្ញាតហួសពេលហើយ៖ សូមសុំម្ដងទៀត។',
  WRONG_PIN: 'លេខសម្ងាត់ (PIN) ឬលេខកូដបុគ្គលិកមិនត្រឹមត្រូវទេ។',
  TOO_MANY_ATTEMPTS: 'បញ្ចូលលេខសម្ងាត់ខុសច្រើនដងពេក សូមព្យាយាមម្ដងទៀតក្រោយ {{minutes}} នាទី។',
  UNKNOWN_PERSON: 'អ្នកនេះមិនធ្លាប់ចូលប្រើលើឧបករណ៍នេះទេ។',
  INSECURE_CONTEXT: 'ពេលគ្មានអ៊ីនធឺណិត អាចផ្ទៀងផ្ទាត់លេខសម្ងាត់បានតែលើទំព័រដែលមាន https ប៉ុណ្ណោះ។',
  CACHE_MISSING: 'ទិន្នន័យរបស់សាខាមិនទាន់មានលើឧបករណ៍នេះទេ សូមភ្ជាប់អ៊ីនធឺណិតម្ដងសិន។',
  NOT_FAILED: 'ប្រតិបត្តិការនេះមិនមែនបរាជ័យទេ។',
  CANNOT_REASSIGN: 'មិនអាចប្ដូរប្រតិបត្តិការនេះទៅវេនផ្សេងបានទេ។',
  IMPORT_INVALID: 'ឯកសារនេះមិនមែនជាច្បាប់ចម្លងនៃជួររង់ចាំទេ។',
  STORAGE_FULL: 'ទំហំផ្ទុកលើឧបករណ៍នេះពេញហើយ។',
  STORAGE_UNAVAILABLE: 'ឧបករណ៍នេះមិនអាចរក្សាទុកទិន្នន័យបានទេ។',
  STORAGE_FAILED: 'ការរក្សាទុកទិន្នន័យលើឧបករណ៍នេះមិនបានជោគជ័យទេ។',
  FORBIDDEN: 'អ្នកគ្មានសិទ្ធិធ្វើការនេះទេ។',
  RATE_LIMITED: 'សំណើច្រើនពេក សូមរង់ចាំបន្តិច។',
  SERVICE_UNAVAILABLE: 'ម៉ាស៊ីនមេមិនអាចប្រើបាននៅពេលនេះ សូមព្យាយាមម្ដងទៀត។',
  INTERNAL: 'មានបញ្ហាមួយកើតឡើងលើម៉ាស៊ីនមេ។',
  STORAGE_BLOCKED: 'ផ្ទាំងផ្សេងកំពុងបើកកម្មវិធីជំនាន់ចាស់ សូមបិទវាសិន។',
  STORAGE_IN_USE: 'កម្មវិធីផ្សេងលើឧបករណ៍នេះកំពុងប្រើទិន្នន័យ។',
  STORAGE_NEWER: 'ទិន្នន័យលើឧបករណ៍នេះបង្កើតដោយកម្មវិធីជំនាន់ថ្មីជាង។',
  RECORD_DAMAGED: 'ទិន្នន័យខ្លះលើឧបករណ៍នេះអានមិនបាន ត្រូវបានដាក់ដោយឡែក។',
  UPCAST_FAILED: 'កម្មវិធីជំនាន់នេះមិនអាចធ្វើបច្ចុប្បន្នភាពប្រតិបត្តិការចាស់នេះបានទេ។',
  RESET_AGAIN: 'ម៉ាស៊ីនមេប្ដូរទិន្នន័យរបស់សាខាម្ដងហើយម្ដងទៀត នឹងព្យាយាមម្ដងទៀត។',
  NO_ANSWER: 'ផ្ទាំងដែលទាក់ទងម៉ាស៊ីនមេមិនឆ្លើយទេ។',
  CLOSED: 'កម្មវិធីត្រូវបានបិទ។',
  LINE_TOO_SLOW: 'ម៉ាស៊ីនមេមិនឆ្លើយទាន់ពេលទេ នឹងផ្ញើម្ដងតិចៗ ហើយព្យាយាមម្ដងទៀត។',
  CONNECTION_LOST: 'ការតភ្ជាប់ទៅម៉ាស៊ីនមេដាច់ៗ នឹងព្យាយាមម្ដងទៀត។',
  REQUEST_TOO_LARGE: 'មានអ្វីមួយរវាងទីនេះ និងម៉ាស៊ីនមេ មិនឱ្យសំណើទំហំនេះឆ្លងកាត់ទេ។',
  WRONG_ADDRESS: 'គ្មានម៉ាស៊ីនមេនៅអាសយដ្ឋានដែលកម្មវិធីនេះប្រើទេ។',
  PROXY_ERROR: 'មានអ្វីមួយរវាងទីនេះ និងម៉ាស៊ីនមេ ប្រាប់ថាម៉ាស៊ីនមេមិននៅទេ។',
  NOT_THE_SERVER: 'មានអ្វីផ្សេងឆ្លើយជំនួសម៉ាស៊ីនមេ ដូចជាទំព័រដែលសុំឱ្យចូលប្រើបណ្ដាញ។',
}
