import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  Role: 'What somebody may do, each what the one before it may and more: STAFF, CASHIER, MANAGER, ADMIN.',
  MemberStatus: 'REVOKED: the membership has ended, and with it every token and key.',
  SignInInput: 'Who signs in, and on which device.',
  SignInPayload: 'What a device gets when somebody signs in on it.',
  'SignInInput.tenantId': 'The business whose member it is.',
  pin: '4 to 12 digits; kept only as a hash.',
  token: 'Sent as `Authorization: Bearer <token>`. A secret.',
  staffCode: 'By which a person signs in; of one person of the tenant.',
  role: 'The role in the tenant.',
  branchIds: 'All branches that they are assigned to.',
  addBranchIds: 'Branches beside those that they have.',
  removeBranchIds: 'Branches that they have no more.',
  StaffMember: 'A person of the business.',
  'StaffMember.status': 'ACTIVE or REVOKED.',
  'StaffSaveInput.status': 'Left out: as it was; a new person is ACTIVE.',
  accountId: 'The account of a person: what a token is for. A name within the tenant.',
  byCode: 'By a code that whoever lets it in has made.',
  enrolmentCode:
    '8 of A to Z and 2 to 9, without I and O, made at random; good for 15 minutes and one device.',
  'DeviceShutOutInput.reason': 'Why, for whoever looks at it later.',
}
