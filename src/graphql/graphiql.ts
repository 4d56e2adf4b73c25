/** What GraphiQL opens with: a first sign-in, and where to go from there. `scopes`: what the gateway has to be pulled. */
export const welcomeQuery = (scopes: readonly string[]) => `# modula-sync: the offline sync gateway.
#
# 1. Sign in as the demo café's cashier:
#    run SignIn, and copy the token.
mutation SignIn {
  signIn(input: {
    tenantId: "demo"
    staffCode: "cashier-1"
    pin: "1234"
    deviceId: "graphiql"
  }) {
    token
    expiresAt
  }
}

# 2. Put it into the Headers below, in each tab:
#    { "authorization": "Bearer <token>" }
#
# 3. Pull the branch:
query Pull {
  syncPull(input: {
    tenantId: "demo"
    branchId: "riverside"
    deviceId: "graphiql"
    moduleScopes: [${scopes.slice(0, 3).join(', ')}]
    limit: 20
  }) {
    ... on SyncPullPage {
      changes { seq opKind entityKind entityId payload }
      nextCursor
      hasMore
    }
    ... on SyncPullReset { reason message }
  }
}

# 4. Listen to nudges, in a tab with the same Headers, and change something in another:
subscription Nudges {
  syncNudge(tenantId: "demo", branchId: "riverside") {
    modules
    headSeq
  }
}
`
