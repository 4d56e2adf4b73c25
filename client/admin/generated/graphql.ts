/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Json } from '../../contract.ts';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** WHOLE; WAITING: numbers have not come that the device says it holds; MISSING: nobody holds them; FORKED: a number has two links, or the store is an earlier one. */
export type ChainState =
  | 'FORKED'
  | 'MISSING'
  | 'WAITING'
  | 'WHOLE';

/** Whether its browser promised to keep what is stored, or may throw it away. */
export type DeviceStorage =
  | 'BEST_EFFORT'
  | 'PERSISTENT';

export type StartQueryVariables = Exact<{
  tenantId: string;
}>;


export type StartQuery = { me: { accountId: string, name: string, role: string, branchIds: Array<string> }, tenant: { name: string, status: string, managerPinDigits: number, timeZone: string, branches: { edges: Array<{ node: { branchId: string, name: string, status: string, timeZone: string } }> } } };

export type DeviceNamesQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type DeviceNamesQuery = { deviceNames: { edges: Array<{ node: { deviceId: string, name: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StaffQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type StaffQuery = { staff: { edges: Array<{ node: { accountId: string, staffCode: string, name: string, role: string, status: string, branchIds: Array<string> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditQueryVariables = Exact<{
  tenantId: string;
  branchId?: string | null | undefined;
  name?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type AuditQuery = { auditEvents: { since: string | null, edges: Array<{ node: { id: string, branchId: string | null, name: string, actorId: string, submittedBy: string, approvedFor: string | null, deviceId: string | null, lane: string, clientOpId: string, occurredAt: string, recordedAt: string, data: Json | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CashSessionsQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type CashSessionsQuery = { cashSessions: { edges: Array<{ node: { id: string, status: string, openedBy: string, openedAt: string, closedBy: string | null, closedAt: string | null, note: string | null, openingFloat: { usd: number, khr: number }, expected: { usd: number, khr: number }, counted: { usd: number, khr: number } | null, difference: { usd: number, khr: number } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MovementsQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  cashSessionId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type MovementsQuery = { cashSession: { movements: { edges: Array<{ node: { id: string, kind: string, reason: string | null, saleId: string | null, actorId: string, occurredAt: string, amount: { usd: number, khr: number } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type LateFragment = { late: Array<{ deviceId: string | null, outcome: string | null, count: number, cash: { usd: number, khr: number } }> };

export type ClosingsQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  from?: string | null | undefined;
  to?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ClosingsQuery = { closings: { edges: Array<{ node: { number: number, cashSessionId: string, recordedAt: string, hash: string, content: Json, supplements: { edges: Array<{ node: { number: number, recordedAt: string, content: Json } }> }, late: Array<{ deviceId: string | null, outcome: string | null, count: number, cash: { usd: number, khr: number } }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ProofExportQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  from: string;
  to: string;
  after?: string | null | undefined;
}>;


export type ProofExportQuery = { proofExport: { lines: Array<string>, next: string | null } };

export type OutsideNowQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  cashSessionId: string;
}>;


export type OutsideNowQuery = { closingOutside: Json };

export type DevicesQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type DevicesQuery = { devices: { edges: Array<{ node: { deviceId: string, name: string | null, firstSeenAt: string, lastSeenAt: string, lastPushAt: string | null, shutOutAt: string | null, gaps: Array<{ from: number, to: number }>, chains: Array<{ id: string, state: ChainState, wholeTo: number | null, missingCount: number, missing: Array<{ from: number, to: number }>, givenUp: Array<{ from: number, to: number }> }>, checkpoints: Array<{ branchId: string, accountId: string, pulledSeq: number, pulledAt: string, behind: number }>, report: { accountId: string, branchId: string | null, at: string, receivedAt: string, clockSkewMs: number, waiting: number, failed: number, oldestWaitingAt: string | null, storage: DeviceStorage | null, usageBytes: number | null, quotaBytes: number | null, appVersion: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EnrolmentQueryVariables = Exact<{
  tenantId: string;
}>;


export type EnrolmentQuery = { tenant: { deviceEnrolment: string }, deviceRequests: Array<{ deviceId: string, accountId: string, askedAt: string }> };

export type MenuItemsQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type MenuItemsQuery = { menu: { items: { edges: Array<{ node: { id: string, revision: number, name: string, categoryId: string, priceUsd: number, modifierGroupIds: Array<string>, recipe: Json, visibleIn: Array<string> | null, archived: boolean } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type MenuCategoriesQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type MenuCategoriesQuery = { menu: { categories: { edges: Array<{ node: { id: string, name: string, position: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type ModifierGroupsQueryVariables = Exact<{
  tenantId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ModifierGroupsQuery = { menu: { modifierGroups: { edges: Array<{ node: { id: string, name: string, minSelections: number, maxSelections: number, options: Json } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type BranchTodayQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  since: string;
}>;


export type BranchTodayQuery = { takings: { sales: number, totalUsd: number, voided: number }, cashSession: { id: string, openedBy: string, openedAt: string, expected: { usd: number, khr: number } } | null, closings: { edges: Array<{ node: { number: number, content: Json, supplements: { edges: Array<{ node: { content: Json } }> }, late: Array<{ deviceId: string | null, outcome: string | null, count: number, cash: { usd: number, khr: number } }> } }> }, refusals: { edges: Array<{ node: { totalUsd: number } }>, pageInfo: { hasNextPage: boolean } } };

export type PolicyQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
}>;


export type PolicyQuery = { policy: { revision: number, vatEnabled: boolean, vatRatePercent: number, fxRateKhrPerUsd: number, khrRoundingEnabled: boolean, khrRoundingMode: string, khrRoundingGranularity: number, updatedAt: string } };

export type RejectedQueryVariables = Exact<{
  tenantId: string;
  branchId?: string | null | undefined;
  code?: string | null | undefined;
  dependsOn?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type RejectedQuery = { rejectedOperations: { edges: Array<{ node: { clientOpId: string, type: string, branchId: string | null, payload: Json | null, code: string | null, message: string | null, details: Json | null, actorId: string, submittedBy: string, deviceId: string | null, deviceSeq: number | null, lane: string, dependsOn: Array<string>, occurredAt: string, decidedAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RefusalsQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  cashSessionId?: string | null | undefined;
  settled?: boolean | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type RefusalsQuery = { refusals: { edges: Array<{ node: { clientOpId: string, type: string, cashSessionId: string | null, totalUsd: number, payload: Json | null, code: string, message: string, actorId: string, deviceId: string | null, deviceSeq: number | null, occurredAt: string, refusedAt: string, settled: boolean, outcome: string | null, settledBy: string | null, settledAt: string | null, reason: string | null, bookedAs: string | null, cash: { usd: number, khr: number } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SessionOfDeskQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  cashSessionId?: string | null | undefined;
}>;


export type SessionOfDeskQuery = { cashSession: { id: string, status: string, openedAt: string, closedAt: string | null } | null };

export type SalesQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  receiptNumber?: number | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type SalesQuery = { sales: { edges: Array<{ node: { id: string, branchId: string, receiptNumber: number, status: string, saleType: string, cashSessionId: string, policyRevision: number, lines: Json, tender: Json, pricedFromStaleCache: boolean, actorId: string, finalizedAt: string, recordedAt: string, voidedAt: string | null, voidedBy: string | null, voidReason: string | null, totals: { subtotalUsd: number, vatUsd: number, totalUsd: number, totalKhr: number } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SalesReportQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  from: string;
  to: string;
}>;


export type SalesReportQuery = { salesReport: { sales: number, totalUsd: number, voided: number, days: Array<{ day: string, sales: number, totalUsd: number }>, hours: Array<{ hour: number, sales: number, totalUsd: number }>, items: Array<{ menuItemId: string, name: string, quantity: number, totalUsd: number }>, people: Array<{ actorId: string, sales: number, totalUsd: number }> } };

export type TakingsQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  since: string;
}>;


export type TakingsQuery = { takings: { sales: number, totalUsd: number, voided: number } };

export type SettingsQueryVariables = Exact<{
  tenantId: string;
}>;


export type SettingsQuery = { tenant: { name: string, timeZone: string, actingDays: number, managerPinDigits: number, deviceEnrolment: string, refuseRevisionsOlderDays: number | null } };

export type WorkQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type WorkQuery = { attendance: { edges: Array<{ node: { id: string, actorId: string, startedAt: string, endedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StockQueryVariables = Exact<{
  tenantId: string;
  branchId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type StockQuery = { stock: { edges: Array<{ node: { id: string, name: string, unit: string, onHand: number, belowZero: boolean, lowAt: number | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const LateFragmentDoc = new TypedDocumentString(`
    fragment Late on ClosingStatement {
  late {
    deviceId
    outcome
    count
    cash {
      usd
      khr
    }
  }
}
    `, {"fragmentName":"Late"}) as unknown as TypedDocumentString<LateFragment, unknown>;
export const StartDocument = new TypedDocumentString(`
    query Start($tenantId: ID!) {
  me(tenantId: $tenantId) {
    accountId
    name
    role
    branchIds
  }
  tenant(tenantId: $tenantId) {
    name
    status
    managerPinDigits
    timeZone
    branches(first: 200) {
      edges {
        node {
          branchId
          name
          status
          timeZone
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StartQuery, StartQueryVariables>;
export const DeviceNamesDocument = new TypedDocumentString(`
    query DeviceNames($tenantId: ID!, $first: Int!, $after: String) {
  deviceNames(tenantId: $tenantId, first: $first, after: $after) {
    edges {
      node {
        deviceId
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DeviceNamesQuery, DeviceNamesQueryVariables>;
export const StaffDocument = new TypedDocumentString(`
    query Staff($tenantId: ID!, $first: Int!, $after: String) {
  staff(tenantId: $tenantId, first: $first, after: $after) {
    edges {
      node {
        accountId
        staffCode
        name
        role
        status
        branchIds
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StaffQuery, StaffQueryVariables>;
export const AuditDocument = new TypedDocumentString(`
    query Audit($tenantId: ID!, $branchId: ID, $name: String, $first: Int!, $after: String) {
  auditEvents(
    tenantId: $tenantId
    branchId: $branchId
    name: $name
    first: $first
    after: $after
  ) {
    since
    edges {
      node {
        id
        branchId
        name
        actorId
        submittedBy
        approvedFor
        deviceId
        lane
        clientOpId
        occurredAt
        recordedAt
        data
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditQuery, AuditQueryVariables>;
export const CashSessionsDocument = new TypedDocumentString(`
    query CashSessions($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
  cashSessions(
    tenantId: $tenantId
    branchId: $branchId
    first: $first
    after: $after
  ) {
    edges {
      node {
        id
        status
        openedBy
        openedAt
        openingFloat {
          usd
          khr
        }
        expected {
          usd
          khr
        }
        counted {
          usd
          khr
        }
        difference {
          usd
          khr
        }
        closedBy
        closedAt
        note
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<CashSessionsQuery, CashSessionsQueryVariables>;
export const MovementsDocument = new TypedDocumentString(`
    query Movements($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!, $first: Int!, $after: String) {
  cashSession(
    tenantId: $tenantId
    branchId: $branchId
    cashSessionId: $cashSessionId
  ) {
    movements(first: $first, after: $after) {
      edges {
        node {
          id
          kind
          amount {
            usd
            khr
          }
          reason
          saleId
          actorId
          occurredAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MovementsQuery, MovementsQueryVariables>;
export const ClosingsDocument = new TypedDocumentString(`
    query Closings($tenantId: ID!, $branchId: ID!, $from: DateTime, $to: DateTime, $first: Int!, $after: String) {
  closings(
    tenantId: $tenantId
    branchId: $branchId
    from: $from
    to: $to
    first: $first
    after: $after
  ) {
    edges {
      node {
        number
        cashSessionId
        recordedAt
        hash
        content
        ...Late
        supplements(first: 50) {
          edges {
            node {
              number
              recordedAt
              content
            }
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Late on ClosingStatement {
  late {
    deviceId
    outcome
    count
    cash {
      usd
      khr
    }
  }
}`) as unknown as TypedDocumentString<ClosingsQuery, ClosingsQueryVariables>;
export const ProofExportDocument = new TypedDocumentString(`
    query ProofExport($tenantId: ID!, $branchId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
  proofExport(
    tenantId: $tenantId
    branchId: $branchId
    from: $from
    to: $to
    after: $after
  ) {
    lines
    next
  }
}
    `) as unknown as TypedDocumentString<ProofExportQuery, ProofExportQueryVariables>;
export const OutsideNowDocument = new TypedDocumentString(`
    query OutsideNow($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!) {
  closingOutside(
    tenantId: $tenantId
    branchId: $branchId
    cashSessionId: $cashSessionId
  )
}
    `) as unknown as TypedDocumentString<OutsideNowQuery, OutsideNowQueryVariables>;
export const DevicesDocument = new TypedDocumentString(`
    query Devices($tenantId: ID!, $first: Int!, $after: String) {
  devices(tenantId: $tenantId, first: $first, after: $after) {
    edges {
      node {
        deviceId
        name
        firstSeenAt
        lastSeenAt
        lastPushAt
        shutOutAt
        gaps {
          from
          to
        }
        chains {
          id
          state
          wholeTo
          missing {
            from
            to
          }
          missingCount
          givenUp {
            from
            to
          }
        }
        checkpoints {
          branchId
          accountId
          pulledSeq
          pulledAt
          behind
        }
        report {
          accountId
          branchId
          at
          receivedAt
          clockSkewMs
          waiting
          failed
          oldestWaitingAt
          storage
          usageBytes
          quotaBytes
          appVersion
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DevicesQuery, DevicesQueryVariables>;
export const EnrolmentDocument = new TypedDocumentString(`
    query Enrolment($tenantId: ID!) {
  tenant(tenantId: $tenantId) {
    deviceEnrolment
  }
  deviceRequests(tenantId: $tenantId) {
    deviceId
    accountId
    askedAt
  }
}
    `) as unknown as TypedDocumentString<EnrolmentQuery, EnrolmentQueryVariables>;
export const MenuItemsDocument = new TypedDocumentString(`
    query MenuItems($tenantId: ID!, $first: Int!, $after: String) {
  menu(tenantId: $tenantId) {
    items(first: $first, after: $after) {
      edges {
        node {
          id
          revision
          name
          categoryId
          priceUsd
          modifierGroupIds
          recipe
          visibleIn
          archived
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MenuItemsQuery, MenuItemsQueryVariables>;
export const MenuCategoriesDocument = new TypedDocumentString(`
    query MenuCategories($tenantId: ID!, $first: Int!, $after: String) {
  menu(tenantId: $tenantId) {
    categories(first: $first, after: $after) {
      edges {
        node {
          id
          name
          position
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MenuCategoriesQuery, MenuCategoriesQueryVariables>;
export const ModifierGroupsDocument = new TypedDocumentString(`
    query ModifierGroups($tenantId: ID!, $first: Int!, $after: String) {
  menu(tenantId: $tenantId) {
    modifierGroups(first: $first, after: $after) {
      edges {
        node {
          id
          name
          minSelections
          maxSelections
          options
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ModifierGroupsQuery, ModifierGroupsQueryVariables>;
export const BranchTodayDocument = new TypedDocumentString(`
    query BranchToday($tenantId: ID!, $branchId: ID!, $since: DateTime!) {
  takings(tenantId: $tenantId, branchId: $branchId, since: $since) {
    sales
    totalUsd
    voided
  }
  cashSession(tenantId: $tenantId, branchId: $branchId) {
    id
    openedBy
    openedAt
    expected {
      usd
      khr
    }
  }
  closings(tenantId: $tenantId, branchId: $branchId, first: 1) {
    edges {
      node {
        number
        content
        ...Late
        supplements(first: 50) {
          edges {
            node {
              content
            }
          }
        }
      }
    }
  }
  refusals(tenantId: $tenantId, branchId: $branchId, settled: false, first: 100) {
    edges {
      node {
        totalUsd
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
    fragment Late on ClosingStatement {
  late {
    deviceId
    outcome
    count
    cash {
      usd
      khr
    }
  }
}`) as unknown as TypedDocumentString<BranchTodayQuery, BranchTodayQueryVariables>;
export const PolicyDocument = new TypedDocumentString(`
    query Policy($tenantId: ID!, $branchId: ID!) {
  policy(tenantId: $tenantId, branchId: $branchId) {
    revision
    vatEnabled
    vatRatePercent
    fxRateKhrPerUsd
    khrRoundingEnabled
    khrRoundingMode
    khrRoundingGranularity
    updatedAt
  }
}
    `) as unknown as TypedDocumentString<PolicyQuery, PolicyQueryVariables>;
export const RejectedDocument = new TypedDocumentString(`
    query Rejected($tenantId: ID!, $branchId: ID, $code: String, $dependsOn: UUID, $first: Int!, $after: String) {
  rejectedOperations(
    tenantId: $tenantId
    branchId: $branchId
    code: $code
    dependsOn: $dependsOn
    first: $first
    after: $after
  ) {
    edges {
      node {
        clientOpId
        type
        branchId
        payload
        code
        message
        details
        actorId
        submittedBy
        deviceId
        deviceSeq
        lane
        dependsOn
        occurredAt
        decidedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RejectedQuery, RejectedQueryVariables>;
export const RefusalsDocument = new TypedDocumentString(`
    query Refusals($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID, $settled: Boolean, $first: Int!, $after: String) {
  refusals(
    tenantId: $tenantId
    branchId: $branchId
    cashSessionId: $cashSessionId
    settled: $settled
    first: $first
    after: $after
  ) {
    edges {
      node {
        clientOpId
        type
        cashSessionId
        cash {
          usd
          khr
        }
        totalUsd
        payload
        code
        message
        actorId
        deviceId
        deviceSeq
        occurredAt
        refusedAt
        settled
        outcome
        settledBy
        settledAt
        reason
        bookedAs
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RefusalsQuery, RefusalsQueryVariables>;
export const SessionOfDeskDocument = new TypedDocumentString(`
    query SessionOfDesk($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID) {
  cashSession(
    tenantId: $tenantId
    branchId: $branchId
    cashSessionId: $cashSessionId
  ) {
    id
    status
    openedAt
    closedAt
  }
}
    `) as unknown as TypedDocumentString<SessionOfDeskQuery, SessionOfDeskQueryVariables>;
export const SalesDocument = new TypedDocumentString(`
    query Sales($tenantId: ID!, $branchId: ID!, $receiptNumber: SafeInt, $first: Int!, $after: String) {
  sales(
    tenantId: $tenantId
    branchId: $branchId
    receiptNumber: $receiptNumber
    first: $first
    after: $after
  ) {
    edges {
      node {
        id
        branchId
        receiptNumber
        status
        saleType
        cashSessionId
        policyRevision
        lines
        totals {
          subtotalUsd
          vatUsd
          totalUsd
          totalKhr
        }
        tender
        pricedFromStaleCache
        actorId
        finalizedAt
        recordedAt
        voidedAt
        voidedBy
        voidReason
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SalesQuery, SalesQueryVariables>;
export const SalesReportDocument = new TypedDocumentString(`
    query SalesReport($tenantId: ID!, $branchId: ID!, $from: String!, $to: String!) {
  salesReport(tenantId: $tenantId, branchId: $branchId, from: $from, to: $to) {
    sales
    totalUsd
    voided
    days {
      day
      sales
      totalUsd
    }
    hours {
      hour
      sales
      totalUsd
    }
    items {
      menuItemId
      name
      quantity
      totalUsd
    }
    people {
      actorId
      sales
      totalUsd
    }
  }
}
    `) as unknown as TypedDocumentString<SalesReportQuery, SalesReportQueryVariables>;
export const TakingsDocument = new TypedDocumentString(`
    query Takings($tenantId: ID!, $branchId: ID!, $since: DateTime!) {
  takings(tenantId: $tenantId, branchId: $branchId, since: $since) {
    sales
    totalUsd
    voided
  }
}
    `) as unknown as TypedDocumentString<TakingsQuery, TakingsQueryVariables>;
export const SettingsDocument = new TypedDocumentString(`
    query Settings($tenantId: ID!) {
  tenant(tenantId: $tenantId) {
    name
    timeZone
    actingDays
    managerPinDigits
    deviceEnrolment
    refuseRevisionsOlderDays
  }
}
    `) as unknown as TypedDocumentString<SettingsQuery, SettingsQueryVariables>;
export const WorkDocument = new TypedDocumentString(`
    query Work($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
  attendance(
    tenantId: $tenantId
    branchId: $branchId
    first: $first
    after: $after
  ) {
    edges {
      node {
        id
        actorId
        startedAt
        endedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<WorkQuery, WorkQueryVariables>;
export const StockDocument = new TypedDocumentString(`
    query Stock($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
  stock(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
    edges {
      node {
        id
        name
        unit
        onHand
        belowZero
        lowAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StockQuery, StockQueryVariables>;