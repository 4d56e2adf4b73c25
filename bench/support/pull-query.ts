/** What the benches ask for of each page. (Pages in a browser ask so, too: nothing of Node is in here.) */
export const pullQuery = `query ($input: SyncPullInput!) {
  syncPull(input: $input) {
    ... on SyncPullPage {
      changes { seq opKind module entityKind entityId payload occurredAt actorId clientOpId }
      nextCursor
      hasMore
    }
    ... on SyncPullReset { reason message }
  }
}`
