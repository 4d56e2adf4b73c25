/** The longest wait asked of a device when one change concerns many branches: by then it pulls by itself. */
const MAX_WINDOW_MS = 60_000

/** One pull a branch costs the gateway: about 10 ms of database. */
const MS_PER_BRANCH = 10

/**
 * Spreads the pulls after one change in `branchCount` branches evenly over a window that grows with their number
 * (10 ms each, a minute at most). Returns the `pullAfterMs` of the branch of a rank, 0 <= rank < branchCount: always
 * the same for the same rank, and 0 where there is only one branch.
 */
export function spreadPulls(branchCount: number): (rank: number) => number {
  const windowMs = branchCount > 1 ? Math.min(MAX_WINDOW_MS, branchCount * MS_PER_BRANCH) : 0
  return (rank) => Math.floor((rank * windowMs) / Math.max(branchCount, 1))
}
