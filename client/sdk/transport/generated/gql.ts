/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation Push($input: SyncPushBatchInput!) {\n  syncPushBatch(input: $input) {\n    results {\n      clientOpId\n      status\n      duplicate\n      code\n      message\n      details\n      result\n      appliedSeq\n    }\n    serverTime\n  }\n}\n\nquery Pull($input: SyncPullInput!) {\n  syncPull(input: $input) {\n    ... on SyncPullPage {\n      changes {\n        seq\n        opKind\n        module\n        entityKind\n        entityId\n        payload\n        occurredAt\n        actorId\n        clientOpId\n        agesFrom\n      }\n      nextCursor\n      epoch\n      hasMore\n      headSeq\n      added\n      personal\n      accountId\n      serverTime\n      finishedKeptDays\n    }\n    ... on SyncPullReset {\n      reason\n      message\n      newEpoch\n    }\n  }\n}\n\nsubscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {\n  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {\n    branchId\n    modules\n    headSeq\n    pullAfterMs\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    token\n    expiresAt\n    actorId\n    actorKey\n  }\n}\n\nmutation ActorKey($tenantId: ID!, $deviceId: ID!) {\n  actorKey(tenantId: $tenantId, deviceId: $deviceId)\n}\n\nquery Probe {\n  __typename\n}\n\nmutation Report($input: DeviceReportInput!) {\n  deviceReport(input: $input) {\n    serverTime\n  }\n}": typeof types.PushDocument,
};
const documents: Documents = {
    "mutation Push($input: SyncPushBatchInput!) {\n  syncPushBatch(input: $input) {\n    results {\n      clientOpId\n      status\n      duplicate\n      code\n      message\n      details\n      result\n      appliedSeq\n    }\n    serverTime\n  }\n}\n\nquery Pull($input: SyncPullInput!) {\n  syncPull(input: $input) {\n    ... on SyncPullPage {\n      changes {\n        seq\n        opKind\n        module\n        entityKind\n        entityId\n        payload\n        occurredAt\n        actorId\n        clientOpId\n        agesFrom\n      }\n      nextCursor\n      epoch\n      hasMore\n      headSeq\n      added\n      personal\n      accountId\n      serverTime\n      finishedKeptDays\n    }\n    ... on SyncPullReset {\n      reason\n      message\n      newEpoch\n    }\n  }\n}\n\nsubscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {\n  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {\n    branchId\n    modules\n    headSeq\n    pullAfterMs\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    token\n    expiresAt\n    actorId\n    actorKey\n  }\n}\n\nmutation ActorKey($tenantId: ID!, $deviceId: ID!) {\n  actorKey(tenantId: $tenantId, deviceId: $deviceId)\n}\n\nquery Probe {\n  __typename\n}\n\nmutation Report($input: DeviceReportInput!) {\n  deviceReport(input: $input) {\n    serverTime\n  }\n}": types.PushDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Push($input: SyncPushBatchInput!) {\n  syncPushBatch(input: $input) {\n    results {\n      clientOpId\n      status\n      duplicate\n      code\n      message\n      details\n      result\n      appliedSeq\n    }\n    serverTime\n  }\n}\n\nquery Pull($input: SyncPullInput!) {\n  syncPull(input: $input) {\n    ... on SyncPullPage {\n      changes {\n        seq\n        opKind\n        module\n        entityKind\n        entityId\n        payload\n        occurredAt\n        actorId\n        clientOpId\n        agesFrom\n      }\n      nextCursor\n      epoch\n      hasMore\n      headSeq\n      added\n      personal\n      accountId\n      serverTime\n      finishedKeptDays\n    }\n    ... on SyncPullReset {\n      reason\n      message\n      newEpoch\n    }\n  }\n}\n\nsubscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {\n  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {\n    branchId\n    modules\n    headSeq\n    pullAfterMs\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    token\n    expiresAt\n    actorId\n    actorKey\n  }\n}\n\nmutation ActorKey($tenantId: ID!, $deviceId: ID!) {\n  actorKey(tenantId: $tenantId, deviceId: $deviceId)\n}\n\nquery Probe {\n  __typename\n}\n\nmutation Report($input: DeviceReportInput!) {\n  deviceReport(input: $input) {\n    serverTime\n  }\n}"): typeof import('./graphql.ts').PushDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
