/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Json } from '../../../../src/sync/words.ts';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The end of the chain on the device: what has been queued, sent or not. */
export type ChainHeadInput = {
  deviceSeq: number;
  /** How many of the chain it holds that the gateway has not kept yet. */
  held: number;
  id: string;
  link: string;
};

export type DeviceReportInput = {
  /** At most 100 characters. */
  appVersion?: string | null | undefined;
  /** The device's clock. */
  at: string;
  /** Where it works; not checked. */
  branchId?: string | null | undefined;
  /** Where its chain ends, with what waits. */
  chain?: ChainHeadInput | null | undefined;
  deviceId: string;
  /** Rejected ones that wait for a person. */
  failed: number;
  /** When the oldest of those waiting was made. */
  oldestWaitingAt?: string | null | undefined;
  quotaBytes?: number | null | undefined;
  storage?: DeviceStorage | null | undefined;
  tenantId: string;
  usageBytes?: number | null | undefined;
  /** Operations that the server has not decided yet. */
  waiting: number;
};

/** Whether its browser promised to keep what is stored, or may throw it away. */
export type DeviceStorage =
  | 'BEST_EFFORT'
  | 'PERSISTENT';

export type ModuleScope =
  | 'ATTENDANCE'
  | 'BRANCH'
  | 'CASH_SESSION'
  | 'INVENTORY'
  | 'MENU'
  | 'POLICY'
  | 'SALE'
  | 'STAFF';

export type SignInInput = {
  deviceId: string;
  /** What lets the device into the business, where devices are enrolled (`deviceInvite`). */
  enrolmentCode?: string | null | undefined;
  pin: string;
  staffCode: string;
  tenantId: string;
};

/** An operation's place in its device's chain of hashes, beside deviceSeq (docs/proof.md). */
export type SyncChainInput = {
  /** Made once for each store of a device. */
  id: string;
  /** The payload hash that it was queued with; left out: payloadHash. */
  madeAs?: string | null | undefined;
  /** The link before this one, 64 lower-case hex digits. */
  prev: string;
};

export type SyncOpKind =
  | 'TOMBSTONE'
  | 'UPSERT';

export type SyncOperationInput = {
  /** Who did it on the device; default: the token's account. */
  actorId?: string | null | undefined;
  /** HMAC-SHA-256, lower-case hex, by the actor's actorKey of clientOpId, a line feed and payloadHash. Required where whoever sends it may not do it themselves. */
  actorProof?: string | null | undefined;
  /** Who asked for it, where the actor has approved it by their PIN; kept as evidence. */
  approvedFor?: string | null | undefined;
  /** Required where the operation is about a branch. */
  branchId?: string | null | undefined;
  /** Evidence that nothing is missing; it decides nothing. */
  chain?: SyncChainInput | null | undefined;
  /** Made once for each intent. */
  clientOpId: string;
  /** The device's clock less the server's, as far as the device knew when it recorded: business times are put right by it above two minutes. */
  clockSkewMs?: number | null | undefined;
  /** Operations that must have been applied. */
  dependsOn?: Array<string> | null | undefined;
  /** Its place in the device's queue: 1, 2, 3 ... */
  deviceSeq?: number | null | undefined;
  /** The device's clock, as evidence. */
  occurredAt: string;
  payload: Json;
  /** SHA-256, lower-case hex, of the RFC 8785 canonical JSON of {branchId, payload, type}. */
  payloadHash: string;
  /** A person asked to try a rejected operation again. */
  retry?: boolean | null | undefined;
  /** One of those that operationTypes lists. */
  type: string;
};

export type SyncOperationStatus =
  | 'APPLIED'
  | 'DEFERRED'
  | 'REJECTED';

export type SyncPullInput = {
  /** Scopes that the cursor does not have, or has in another view, are loaded beside the others, and `added` names them, instead of a SCOPE_MISMATCH. Those of the cursor that are not asked for stay where they are. */
  addScopes?: boolean | null | undefined;
  branchId: string;
  /** nextCursor of the last page; left out: bootstrap. */
  cursor?: string | null | undefined;
  deviceId: string;
  /** 1 to 2000; default 500. */
  limit?: number | null | undefined;
  moduleScopes: Array<ModuleScope>;
  tenantId: string;
};

export type SyncPushBatchInput = {
  deviceId: string;
  operations: Array<SyncOperationInput>;
  /** A stream as the device knows it. Where it is another by now, nothing is decided (DEFERRED, STREAM_RESET) until the device has pulled: what the operations build on may be forgotten. */
  stream?: SyncStreamInput | null | undefined;
  tenantId: string;
};

export type SyncResetReason =
  | 'CURSOR_AHEAD'
  | 'CURSOR_EXPIRED'
  | 'CURSOR_MALFORMED'
  | 'SCOPE_MISMATCH'
  | 'STREAM_MISMATCH'
  | 'STREAM_RESET';

export type SyncStreamInput = {
  branchId: string;
  /** As the last page told it. */
  epoch: string;
};

export type PushMutationVariables = Exact<{
  input: SyncPushBatchInput;
}>;


export type PushMutation = { syncPushBatch: { serverTime: string, results: Array<{ clientOpId: string, status: SyncOperationStatus, duplicate: boolean, code: string | null, message: string | null, details: Json | null, result: Json | null, appliedSeq: number | null }> } };

export type PullQueryVariables = Exact<{
  input: SyncPullInput;
}>;


export type PullQuery = { syncPull:
    | { nextCursor: string, epoch: string, hasMore: boolean, headSeq: number, added: Array<ModuleScope>, personal: Array<ModuleScope>, accountId: string, serverTime: string, finishedKeptDays: number, changes: Array<{ seq: number, opKind: SyncOpKind, module: ModuleScope, entityKind: string, entityId: string, payload: Json | null, occurredAt: string, actorId: string | null, clientOpId: string | null, agesFrom: string | null }> }
    | { reason: SyncResetReason, message: string, newEpoch: string | null }
   };

export type NudgesSubscriptionVariables = Exact<{
  tenantId: string;
  branchId?: string | null | undefined;
  moduleScopes?: Array<ModuleScope> | ModuleScope | null | undefined;
}>;


export type NudgesSubscription = { syncNudge: { branchId: string, modules: Array<ModuleScope>, headSeq: number, pullAfterMs: number } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { token: string, expiresAt: string, actorId: string, actorKey: string } };

export type ActorKeyMutationVariables = Exact<{
  tenantId: string;
  deviceId: string;
}>;


export type ActorKeyMutation = { actorKey: string };

export type ProbeQueryVariables = Exact<{ [key: string]: never; }>;


export type ProbeQuery = { __typename: 'Query' };

export type ReportMutationVariables = Exact<{
  input: DeviceReportInput;
}>;


export type ReportMutation = { deviceReport: { serverTime: string } };

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

export const PushDocument = new TypedDocumentString(`
    mutation Push($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) {
    results {
      clientOpId
      status
      duplicate
      code
      message
      details
      result
      appliedSeq
    }
    serverTime
  }
}
    `) as unknown as TypedDocumentString<PushMutation, PushMutationVariables>;
export const PullDocument = new TypedDocumentString(`
    query Pull($input: SyncPullInput!) {
  syncPull(input: $input) {
    ... on SyncPullPage {
      changes {
        seq
        opKind
        module
        entityKind
        entityId
        payload
        occurredAt
        actorId
        clientOpId
        agesFrom
      }
      nextCursor
      epoch
      hasMore
      headSeq
      added
      personal
      accountId
      serverTime
      finishedKeptDays
    }
    ... on SyncPullReset {
      reason
      message
      newEpoch
    }
  }
}
    `) as unknown as TypedDocumentString<PullQuery, PullQueryVariables>;
export const NudgesDocument = new TypedDocumentString(`
    subscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {
  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {
    branchId
    modules
    headSeq
    pullAfterMs
  }
}
    `) as unknown as TypedDocumentString<NudgesSubscription, NudgesSubscriptionVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    token
    expiresAt
    actorId
    actorKey
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const ActorKeyDocument = new TypedDocumentString(`
    mutation ActorKey($tenantId: ID!, $deviceId: ID!) {
  actorKey(tenantId: $tenantId, deviceId: $deviceId)
}
    `) as unknown as TypedDocumentString<ActorKeyMutation, ActorKeyMutationVariables>;
export const ProbeDocument = new TypedDocumentString(`
    query Probe {
  __typename
}
    `) as unknown as TypedDocumentString<ProbeQuery, ProbeQueryVariables>;
export const ReportDocument = new TypedDocumentString(`
    mutation Report($input: DeviceReportInput!) {
  deviceReport(input: $input) {
    serverTime
  }
}
    `) as unknown as TypedDocumentString<ReportMutation, ReportMutationVariables>;